/* The records on the socket, the encoder and the ring, each on its own. */
#include "tests.h"

#include <string.h>

/* --- records --- */

static void requests_have_these_bytes(void) {
  static const uint8_t expected[WIRE_BYTES] = {'L', 'G', 1,    2,    0,    0,    0,    0,    5,    0,    0,
                                               0,   0,   0,    0,    0,    0x88, 0x77, 0x66, 0x55, 0x44, 3,
                                               2,   1,   0x0a, 0x0b, 0x0c, 0,    0,    0,    0,    0,    3};
  struct wire_request request = {
      .kind = WIRE_VERDICT, .argument = 3, .number = 5, .nonce = 0x0102034455667788, .part = 0x0c0b0a};
  struct wire_request decoded;
  uint8_t bytes[WIRE_BYTES];
  wire_encode_request(&request, bytes);
  CHECK(memcmp(bytes, expected, WIRE_BYTES) == 0);
  CHECK(wire_decode(bytes, &decoded) == WIRE_ACCEPTED);
  CHECK(decoded.kind == WIRE_VERDICT && decoded.argument == 3 && decoded.number == 5);
  CHECK(decoded.nonce == request.nonce && decoded.part == request.part);
}

static void events_have_these_places(void) {
  struct wire_event event = {.kind = 109,
                             .action = 1,
                             .cause = 2,
                             .verdict = 3,
                             .confirmation = 4,
                             .flag = 5,
                             .code = 6,
                             .number = 7,
                             .at_ns = -8,
                             .due_ns = 9,
                             .counts = 10,
                             .part = 11,
                             .value = 12};
  uint8_t bytes[WIRE_BYTES];
  wire_encode(&event, bytes);
  CHECK(bytes[3] == 109 && bytes[8] == 7 && bytes[16] == 0xf8 && bytes[23] == 0xff && bytes[24] == 9);
  CHECK(bytes[32] == 10 && bytes[40] == 11 && bytes[48] == 12);
  for (uint8_t i = 0; i < 6; i++)
    CHECK(bytes[56 + i] == i + 1);
  CHECK(bytes[62] == 0 && bytes[63] == 0);
  struct wire_event decoded;
  CHECK(wire_decode_event(bytes, &decoded) && decoded.at_ns == -8 && decoded.value == 12 && decoded.code == 6);
}

/* Of each kind, which arguments and parts are accepted. */
static void requests_are_checked(void) {
  static const uint64_t parts[] = {0, 1, TRACK_PART_MAX, TRACK_PART_MAX + 1};
  int accepted = 0;
  for (int kind = 0; kind < 256; kind++) {
    for (int argument = 0; argument < 256; argument++) {
      for (int i = 0; i < 4; i++) {
        struct wire_request request = {.kind = (uint8_t)kind, .argument = (uint8_t)argument, .part = parts[i]};
        uint8_t bytes[WIRE_BYTES];
        wire_encode_request(&request, bytes);
        enum wire_refusal why = wire_decode(bytes, &request);
        CHECK((why == WIRE_REFUSED_MALFORMED) == (kind < WIRE_ATTACH || kind > WIRE_HOLD_GATE));
        accepted += why == WIRE_ACCEPTED;
      }
    }
  }
  /* attach 2 + 1, verdict 3 * 3, acknowledge 3, heartbeat 1, resume 2, detach 1, hold 2 */
  CHECK(accepted == 21);
}

/* --- the encoder --- */

static struct encoder encoder;
static int64_t ns;

/* Edges of A and B as the belt goes on by so many counts, at 5 kHz. */
static int phase;

#define COUNT_NS INT64_C(200000)

static bool edge_at_phase(bool forward) {
  static const bool a[4] = {false, true, true, false};
  static const bool b[4] = {false, false, true, true};
  int before = phase;
  phase = (phase + (forward ? 1 : 3)) % 4;
  ns += COUNT_NS;
  enum encoder_line line = a[before] != a[phase] ? ENCODER_A : ENCODER_B;
  return encoder_edge(&encoder, line, line == ENCODER_A ? a[phase] : b[phase], ns);
}

static void move(int counts) {
  for (int i = 0; i < counts; i++)
    CHECK(edge_at_phase(true));
  for (int i = 0; i > counts; i--)
    CHECK(edge_at_phase(false));
}

static void begin_encoder(enum encoder_kind kind) {
  ns = 0;
  phase = 0;
  encoder_init(&encoder, kind, ns);
}

static void quadrature_counts_with_direction(void) {
  begin_encoder(ENCODER_QUADRATURE);
  move(100);
  CHECK(encoder.position_counts == 100 && encoder.high_counts == 100 && !encoder.backward);
  CHECK(encoder_when_ns(&encoder, 40) == 40 * COUNT_NS && encoder_ns_per_count(&encoder, ns, 500) == COUNT_NS);
  move(-30);
  CHECK(encoder.position_counts == 70 && encoder.high_counts == 100 && encoder.backward);
  CHECK(encoder_ns_per_count(&encoder, ns + 501, 500) == 0);
  move(31);
  CHECK(encoder.high_counts == 101 && encoder_when_ns(&encoder, 101) == ns);
  move(2000);
  CHECK(encoder_when_ns(&encoder, 2101) == ns && encoder_when_ns(&encoder, 2101 - 1023) == ns - 1023 * COUNT_NS);
  CHECK(encoder_when_ns(&encoder, 5) == ns - 1023 * COUNT_NS); /* the oldest that is known */
  begin_encoder(ENCODER_QUADRATURE_REVERSED);
  move(-50);
  CHECK(encoder.high_counts == 50);
}

static void single_channels_count_edges(void) {
  begin_encoder(ENCODER_SINGLE);
  for (int i = 1; i <= 10; i++)
    CHECK(encoder_edge(&encoder, ENCODER_A, i % 2 == 1, ns += 5));
  CHECK(encoder_edge(&encoder, ENCODER_B, true, ns));
  CHECK(encoder.high_counts == 10 && encoder.lost == 0);
  CHECK(!encoder_edge(&encoder, ENCODER_A, false, ns) && encoder.lost == 1);
}

/* One to three edges lost anywhere in a cycle are noticed within the next two. */
static void losses_are_noticed(void) {
  for (int from = 0; from < 4; from++) {
    for (int lost = 1; lost <= 3; lost++) {
      begin_encoder(ENCODER_QUADRATURE);
      move(20 + from);
      phase = (phase + lost) % 4;
      bool first = edge_at_phase(true);
      bool second = edge_at_phase(true);
      CHECK(!first || !second);
    }
  }
}

/* Two edges that one interrupt took, in the order of the chip's lines: wherever that is the wrong one, it is noticed.
 */
static void wrong_orders_are_noticed(void) {
  for (int from = 0; from < 4; from++) {
    begin_encoder(ENCODER_QUADRATURE);
    move(20 + from);
    bool a = encoder.levels[ENCODER_A];
    bool b = encoder.levels[ENCODER_B];
    bool a_is_next = a == b;
    enum encoder_line first = a_is_next ? ENCODER_B : ENCODER_A;
    enum encoder_line second = a_is_next ? ENCODER_A : ENCODER_B;
    CHECK(encoder_edge(&encoder, first, first == ENCODER_A ? !a : !b, ns += 2 * COUNT_NS));
    CHECK(!encoder_edge(&encoder, second, second == ENCODER_A ? !a : !b, ns += 4000));
    CHECK(encoder.lost == 1);
  }
}

/* In the right order two such edges are as good as any, and so is a line that bounces where the belt stands or turns.
 */
static void edges_that_come_together_count(void) {
  begin_encoder(ENCODER_QUADRATURE);
  move(21);
  ns += COUNT_NS - 4000;
  CHECK(encoder_edge(&encoder, ENCODER_B, true, ns));
  CHECK(encoder_edge(&encoder, ENCODER_A, false, ns += 4000));
  phase = 3;
  for (int i = 0; i < 7; i++)
    CHECK(encoder_edge(&encoder, ENCODER_A, i % 2 == 0, ns += 5000));
  phase = 2;
  move(-10);
  CHECK(encoder.position_counts == 12 && encoder.lost == 0);
}

/* --- the ring --- */

#define SMALL (PARTS_CAPACITY_MIN + 2)

static uint64_t memory[SMALL * 8];
static struct parts parts;

static void reopen(void) { CHECK(parts_open(&parts, memory, sizeof memory)); }

static void rings_keep_what_is_not_acknowledged(void) {
  uint64_t from;
  uint64_t to;
  memset(memory, 0, sizeof memory);
  CHECK(!parts_open(&parts, memory, sizeof memory - 1));
  reopen();
  CHECK(parts.next == 1 && parts.first == 1 && parts.unreadable == 0);
  for (int i = 1; i <= 10; i++)
    CHECK(parts_add(&parts, i, 0) == (uint64_t)i);
  parts_acknowledge(&parts, 1);
  parts_acknowledge(&parts, 3);
  parts_fix_offset(&parts, 7);
  reopen();
  CHECK(parts.next == 11 && parts.first == 2 && !parts_is_kept(&parts, 3) && parts_is_kept(&parts, 4));
  CHECK(parts_get(&parts, 4)->trigger_ns == 4 && parts_get(&parts, 1) == NULL && parts_get(&parts, 11) == NULL);
  CHECK(parts_offset(&parts, &from) && from == 7);
  for (int i = 11; i <= PARTS_CAPACITY_MIN + 5; i++)
    parts_add(&parts, i, 0);
  CHECK(parts_lost(&parts, &from, &to) && from == 2 && to == 5);
  reopen();
  CHECK(parts_lost(&parts, &from, &to) && to == 5 && parts.first == 6 && parts.next == PARTS_CAPACITY_MIN + 6);
  parts_acknowledge(&parts, 5);
  CHECK(!parts_lost(&parts, &from, &to));
}

/* The process dies with only the first bytes of the write done. */
static void torn_writes_lose_no_part(void) {
  static uint64_t before[SMALL * 8];
  static uint64_t after[SMALL * 8];
  memset(memory, 0, sizeof memory);
  reopen();
  parts_add(&parts, 1, 0);
  parts_add(&parts, 2, 0);
  memcpy(before, memory, sizeof memory);
  parts_add(&parts, 3, 0);
  memcpy(after, memory, sizeof memory);
  size_t at = (2 + 3) * (size_t)PARTS_RECORD_BYTES;
  for (size_t n = 1; n <= PARTS_RECORD_BYTES; n++) {
    memcpy(memory, before, sizeof memory);
    memcpy((uint8_t *)memory + at, (uint8_t *)after + at, n);
    reopen();
    CHECK(parts.next == 4 && parts_is_kept(&parts, 3) && parts_is_kept(&parts, 2));
    CHECK((parts_get(&parts, 3) != NULL) == (parts.unreadable == 0));
  }
  struct part_record record = *parts_get(&parts, 2);
  memcpy(before, memory, sizeof memory);
  record.closed = true;
  record.closed_ns = 12345;
  parts_put(&parts, &record);
  memcpy(after, memory, sizeof memory);
  at = (2 + 2) * (size_t)PARTS_RECORD_BYTES;
  for (size_t n = 0; n <= PARTS_RECORD_BYTES; n++) {
    memcpy(memory, before, sizeof memory);
    memcpy((uint8_t *)memory + at, (uint8_t *)after + at, n);
    reopen();
    const struct part_record *r = parts_get(&parts, 2);
    CHECK(parts.next == 4 && parts_is_kept(&parts, 2) && (r == NULL || !r->closed || r->closed_ns == 12345));
  }
}

static void damaged_headers_begin_anew(void) {
  uint64_t offset;
  memset(memory, 0, sizeof memory);
  reopen();
  parts_fix_offset(&parts, 9);
  parts_add(&parts, 1, 0);
  memory[2] ^= 1; /* one of the two */
  reopen();
  CHECK(parts.next == 2 && parts_offset(&parts, &offset) && offset == 9);
  memory[2] ^= 1;
  memory[8 + 2] ^= 1;
  reopen();
  CHECK(parts.next == 1 && !parts_offset(&parts, &offset) && parts.unreadable == PARTS_CAPACITY_MIN);
}

void test_pieces(void) {
  requests_have_these_bytes();
  events_have_these_places();
  requests_are_checked();
  quadrature_counts_with_direction();
  single_channels_count_edges();
  losses_are_noticed();
  wrong_orders_are_noticed();
  edges_that_come_together_count();
  rings_keep_what_is_not_acknowledged();
  torn_writes_lose_no_part();
  damaged_headers_begin_anew();
}
