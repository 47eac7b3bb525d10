// Brings the outbox to a receiver: every row at least once, in whatever state network and receiver are. The protocol is
// the agent's (docs/sync.md); its own part is plain JSON in batches of at most 16 rows and 8 kB. Threads: the uplink
// task alone. A turn takes about `wait_ms`, and up to 50 s where a broker is slow: 10 s to connect, 5 s to send and 10
// s for the answer to each of CONNECT and SUBSCRIBE, 5 s each for state and hello. So a task watchdog must not watch
// its task. The store is held for single calls and never while the network is waited for.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/ack.h"
#include "linegate/clock.h"
#include "linegate/mqtt_client.h"
#include "linegate/outbox.h"
#include "linegate/platform.h"
#include "linegate/window.h"

namespace linegate {

// What the station says of itself. The texts must last as long as the uplink.
struct UplinkFacts {
  // Letters, digits, `-` and `_`, at most 63.
  const char* station;
  // Null: none.
  const char* user;
  const char* password;
  // Another one for each boot.
  const char* boot_id;
  const char* software;
  const char* recipe;
  const char* model_digest;
};

struct UplinkState {
  Window::Link link;
  uint64_t last_seq;
  uint64_t acked_seq;
  uint32_t bad_messages;
  uint32_t connections;
  // How the last try to connect, or the last connection, ended.
  Status last_end;
  // The last that a person should hear of, with the receiver's words if it had any.
  UplinkNotice notice;
  uint32_t notices;
  char detail[kDetailBytes];
};

class Uplink final : private MqttListener {
 public:
  Uplink(Outbox& outbox, Transport& transport, Clock& clock, Platform& platform, const UplinkFacts& facts)
      : outbox_(outbox), clock_(clock), platform_(platform), facts_(facts), client_(transport, clock) {}

  // The outbox's faults; kBadConfig: a name that no topic can have.
  Status Start();
  // Does what is due: connects, listens for at most `wait_ms`, sends.
  void Turn(uint32_t wait_ms);
  // Says goodbye. Rows that are under way come again with the next start.
  void Stop();
  UplinkState State() const;

 private:
  static constexpr size_t kTopicBytes = 96;
  // Of an ack that came deflated: the largest that is read.
  static constexpr size_t kTextBytes = 8192;

  void OnMessage(ByteView payload) override;
  bool MakeTopic(const char* channel, char* topic);
  void TryToConnect(uint32_t wait_ms);
  Status Connect();
  void Look();
  void SendDue();
  void Do(const WindowSays& says);
  void BeginBranch();
  void SayHello();
  void SayState(bool online);
  size_t WriteState(bool online, char* text, size_t capacity);
  size_t WriteHello(const OutboxState& state, char* text, size_t capacity);
  void Lost(Status why);
  int64_t NowMs() { return clock_.NowNs() / 1000000; }

  Outbox& outbox_;
  Clock& clock_;
  Platform& platform_;
  UplinkFacts facts_;
  MqttClient client_;
  Window window_;
  bool started_ = false;
  bool online_ = false;
  uint64_t last_seq_ = 0;
  int64_t next_try_ms_ = 0;
  int64_t connected_ms_ = 0;
  uint32_t tries_ = 0;
  UplinkState told_ = {};
  Ack ack_ = {};
  char batch_topic_[kTopicBytes] = {};
  char hello_topic_[kTopicBytes] = {};
  char state_topic_[kTopicBytes] = {};
  char ack_topic_[kTopicBytes] = {};
  char client_id_[kTopicBytes] = {};
  uint8_t text_[kTextBytes] = {};
};

}  // namespace linegate
