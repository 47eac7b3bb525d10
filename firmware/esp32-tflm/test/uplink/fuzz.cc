// libFuzzer: what comes from the network. The first byte says how the rest is read: as a stream of packets, whole and
// in pieces, which must give the same; as an ack; as a zlib stream.
#include <stdlib.h>
#include <string.h>

#include "linegate/ack.h"
#include "linegate/inflate.h"
#include "linegate/mqtt_packet.h"

using namespace linegate;

namespace {

uint64_t Mixed(uint64_t sum, ByteView bytes) {
  for (size_t i = 0; i < bytes.size; ++i) sum = (sum ^ bytes.data[i]) * 1099511628211U;
  return sum * 31 + bytes.size;
}

uint64_t Hear(ByteView stream, size_t piece) {
  uint8_t memory[64];
  MqttParser parser(memory, sizeof memory);
  uint64_t sum = 1;
  for (size_t at = 0; at < stream.size;) {
    const size_t left = piece < stream.size - at ? piece : stream.size - at;
    ByteView bytes{stream.data + at, left};
    at += left;
    for (bool whole = true; whole;) {
      size_t used = 0;
      MqttPacket packet;
      const Status status = parser.Feed(bytes, used, whole, packet);
      if (status != Status::kOk) return sum * 7 + static_cast<uint64_t>(status);
      bytes = {bytes.data + used, bytes.size - used};
      if (whole) sum = Mixed(Mixed(sum * 31 + packet.id + packet.code, packet.topic), packet.payload);
    }
  }
  return sum;
}

void Check(bool holds) {
  if (!holds) abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const ByteView rest{data + 1, size - 1};
  if (data[0] % 4 < 2) {
    const uint64_t whole = Hear(rest, SIZE_MAX);
    Check(Hear(rest, 1) == whole);
    Check(Hear(rest, 2 + data[0] / 4) == whole);
  } else if (data[0] % 4 == 2) {
    Ack ack{};
    if (ReadAck(reinterpret_cast<const char*>(rest.data), rest.size, &ack) != Status::kOk) return 0;
    Check(ack.ranges.Count() <= kMostRanges && ack.reject_count <= kMostRejects && ack.credit > 0);
    Check(memchr(ack.detail, 0, sizeof ack.detail) != nullptr);
    for (size_t i = 1; i < ack.ranges.Count(); ++i) Check(ack.ranges.At(i - 1).to + 1 < ack.ranges.At(i).from);
  } else {
    uint8_t out[512];
    size_t bytes = 0;
    (void)Inflate(rest.data, rest.size, out, sizeof out, &bytes);
    Check(bytes <= sizeof out);
  }
  return 0;
}
