// The port EdgeSource on the interrupts of two pins. The time of an edge is that of its interrupt, some microseconds
// after it. Threads: as the port says. One instance.
#pragma once

#include "linegate/edges.h"
#include "linegate/esp/pins.h"

namespace linegate::esp {

class EspEdges final : public EdgeSource {
 public:
  EspEdges(const InputPin& trigger, const InputPin& confirmation)
      : inputs_{{trigger, Edge::kPart, nullptr}, {confirmation, Edge::kConfirmation, nullptr}} {}

  Status Open(EdgeListener* listener) override;
  void Close() override;

 private:
  struct Input {
    InputPin pin;
    Edge edge;
    // Null: closed.
    EdgeListener* listener;
  };

  static void OnInterrupt(void* input);
  static Status OpenInput(Input* input, EdgeListener* listener);

  Input inputs_[2];
};

}  // namespace linegate::esp
