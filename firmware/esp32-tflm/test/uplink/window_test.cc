#include "linegate/window.h"

#include <string.h>

#include "support/test.h"

using namespace linegate;
using namespace linegate::test;

namespace {

constexpr uint8_t kOwn[kRowHashBytes] = {1, 2, 3};
constexpr uint8_t kOther[kRowHashBytes] = {9};

Ack AckOf(const char* hello, uint64_t max_contig) {
  Ack ack{};
  memcpy(ack.epoch, "e", 2);
  ack.answers_hello = hello != nullptr;
  if (hello != nullptr) memcpy(ack.hello, hello, strlen(hello));
  ack.max_contig = max_contig;
  ack.has_head = max_contig > 0;
  memcpy(ack.head, kOwn, sizeof kOwn);
  ack.credit = 32;
  ack.retry_ms = 5000;
  return ack;
}

Ack RangeAck(uint64_t from, uint64_t to, uint64_t max_contig) {
  Ack ack = AckOf(nullptr, max_contig);
  ack.ranges.Add({from, to});
  return ack;
}

// A window whose hello was answered: the receiver has rows up to `there`.
Window Flowing(uint64_t last, uint64_t acked, uint64_t there) {
  Window window;
  window.Begin("n", "e", last, acked);
  (void)window.Connected(0);
  (void)window.Took(AckOf("n-1", there), there > 0 ? kOwn : nullptr, 0);
  return window;
}

Window::Link LinkOf(const Window& window) { return window.State(); }

void SendAll(Window* window, int64_t now_ms) {
  Range rows{};
  while (window->NextBatch(now_ms, &rows)) {
    EXPECT(rows.from > window->Acked() && rows.to <= 200 && rows.from <= rows.to);
    window->Sent({rows.from, rows.from + 15 < rows.to ? rows.from + 15 : rows.to}, now_ms);
  }
}

}  // namespace

TEST(a_hello_is_said_again_until_its_own_answer_comes) {
  Window window;
  window.Begin("n", "e", 50, 10);
  EXPECT(window.Connected(0).hello);
  EXPECT_TEXT(window.HelloName(), "n-1");
  EXPECT(!window.Tick(1999).hello);
  EXPECT(window.Tick(2000).hello);
  EXPECT_TEXT(window.HelloName(), "n-2");
  // A late answer to the first is none.
  EXPECT(!window.Expects(AckOf("n-1", 10)));
  EXPECT(!window.Expects(RangeAck(1, 10, 10)));
  Ack foreign = AckOf("n-2", 10);
  foreign.epoch[0] = 'f';
  EXPECT(!window.Expects(foreign));
  EXPECT(window.Tick(6000).notice == UplinkNotice::kNone);
  EXPECT(window.Tick(14000).notice == UplinkNotice::kUnanswered);
  EXPECT(window.Expects(AckOf("n-4", 10)));
  (void)window.Took(AckOf("n-4", 30), kOwn, 15000);
  EXPECT(LinkOf(window) == Window::Link::kFlowing);
  EXPECT_EQ(window.Acked(), 30);
}

TEST(only_a_hash_of_its_own_moves_the_station_on_in_an_answer) {
  EXPECT_EQ(Flowing(50, 10, 40).Acked(), 40);
  Window window;
  window.Begin("n", "e", 50, 10);
  (void)window.Connected(0);
  (void)window.Took(AckOf("n-1", 40), nullptr, 0);
  EXPECT_EQ(window.Acked(), 10);
}

TEST(a_receiver_that_lost_rows_gets_them_again) {
  Window window;
  window.Begin("n", "e", 50, 40);
  (void)window.Connected(0);
  const WindowSays says = window.Took(AckOf("n-1", 20), kOwn, 0);
  EXPECT(says.acknowledge && says.acknowledged == 20 && says.notice == UplinkNotice::kRewound);
  // And when that shows only in the answer to a batch it is asked.
  window = Flowing(50, 40, 40);
  Range rows{};
  EXPECT(window.NextBatch(0, &rows));
  window.Sent({41, 50}, 0);
  EXPECT(window.Took(RangeAck(41, 50, 20), kOwn, 10).hello);
  EXPECT(LinkOf(window) == Window::Link::kGreeting);
}

TEST(batches_go_out_up_to_the_credit_and_again_after_a_wait) {
  Window window = Flowing(200, 0, 0);
  Range rows{};
  for (uint64_t i = 0; i < kMostFlights; ++i) {
    EXPECT(window.NextBatch(0, &rows));
    EXPECT_EQ(rows.from, i * 16 + 1);
    window.Sent({rows.from, rows.from + 15}, 0);
  }
  EXPECT(!window.NextBatch(0, &rows));
  // The second comes through, then the first is acknowledged, too.
  EXPECT(!window.Took(RangeAck(17, 32, 0), nullptr, 100).acknowledge);
  EXPECT(window.NextBatch(100, &rows));
  EXPECT_EQ(rows.from, kMostFlights * 16 + 1);
  const WindowSays says = window.Took(RangeAck(1, 16, 32), kOwn, 200);
  EXPECT(says.acknowledge && says.acknowledged == 32);
  // The others wait in vain.
  (void)window.Tick(5000);
  EXPECT(window.NextBatch(5000, &rows));
  EXPECT_EQ(rows.from, 33);
}

TEST(few_rows_wait_for_company_unless_one_is_urgent) {
  Window window = Flowing(20, 20, 20);
  Range rows{};
  EXPECT(!window.NextBatch(0, &rows));
  window.Appended(23, false, 1000);
  EXPECT(!window.NextBatch(1500, &rows));
  EXPECT(window.NextBatch(2000, &rows));
  EXPECT(rows.from == 21 && rows.to == 23);
  window = Flowing(20, 20, 20);
  EXPECT(!window.NextBatch(0, &rows));
  window.Appended(21, true, 1000);
  EXPECT(window.NextBatch(1000, &rows));
}

TEST(another_row_with_the_same_number_begins_a_branch) {
  Window window;
  window.Begin("n", "e", 50, 10);
  (void)window.Connected(0);
  // A restored flash: the receiver has more than this station ever wrote.
  WindowSays says = window.Took(AckOf("n-1", 60), nullptr, 0);
  EXPECT(says.branch && !says.acknowledge && says.notice == UplinkNotice::kConflict);
  says = window.Branched("f", 50, 10, 0);
  EXPECT(says.hello);
  EXPECT(LinkOf(window) == Window::Link::kGreeting);
  // An acknowledged row differs: no word of this receiver about this epoch holds.
  window.Begin("n", "e", 50, 10);
  (void)window.Connected(0);
  says = window.Took(AckOf("n-1", 10), kOther, 0);
  EXPECT(says.branch && says.acknowledge && says.acknowledged == 0);
  // A reject says so as well.
  window = Flowing(50, 10, 10);
  window.Sent({11, 26}, 0);
  Ack ack = AckOf(nullptr, 10);
  ack.rejects[ack.reject_count++] = {{11, 26}, RejectReason::kConflict};
  EXPECT(window.Took(ack, kOwn, 0).branch);
}

TEST(more_than_three_branches_without_an_ack_wait_for_a_person) {
  Window window;
  window.Begin("n", "e", 50, 10);
  (void)window.Connected(0);
  char hello[] = "n-1";
  for (int i = 0; i < 3; ++i) {
    EXPECT(window.Took(AckOf(hello, 60), nullptr, 0).branch);
    EXPECT(window.Branched("e", 50, 10, 0).hello);
    hello[2]++;
  }
  EXPECT(!window.Took(AckOf(hello, 60), nullptr, 0).branch);
  EXPECT(!window.Tick(59999).hello);
  EXPECT(window.Tick(60000).hello);
}

TEST(refused_rows_are_tried_again_and_the_others_go_on) {
  Window window = Flowing(100, 0, 0);
  Range rows{};
  EXPECT(window.NextBatch(0, &rows));
  window.Sent({1, 16}, 0);
  Ack ack = AckOf(nullptr, 0);
  ack.rejects[ack.reject_count++] = {{1, 16}, RejectReason::kOther};
  EXPECT(window.Took(ack, nullptr, 0).notice == UplinkNotice::kRefused);
  EXPECT(window.NextBatch(0, &rows));
  EXPECT_EQ(rows.from, 17);
  window.Sent({17, 32}, 0);
  EXPECT(window.NextBatch(10000, &rows));
  EXPECT_EQ(rows.from, 1);
  // What is corrupt goes again at once.
  window = Flowing(100, 0, 0);
  window.Sent({1, 16}, 0);
  ack.rejects[0].reason = RejectReason::kCorrupt;
  (void)window.Took(ack, nullptr, 0);
  EXPECT(window.NextBatch(0, &rows));
  EXPECT_EQ(rows.from, 1);
}

TEST(random_answers_never_acknowledge_what_no_ack_named) {
  for (uint64_t seed = 1; seed <= 3000; ++seed) {
    Noise noise(seed);
    Window window = Flowing(200, 0, 0);
    Ranges named;
    int64_t now_ms = 0;
    for (int i = 0; i < 60 && LinkOf(window) == Window::Link::kFlowing; ++i) {
      now_ms += static_cast<int64_t>(noise.Below(3000));
      (void)window.Tick(now_ms);
      SendAll(&window, now_ms);
      const uint64_t from = 1 + noise.Below(200);
      const uint64_t to = from + noise.Below(201 - from);
      named.Add({from, to});
      (void)window.Took(RangeAck(from, to, window.Acked()), kOwn, now_ms);
      const bool all = named.Count() == kMostRanges || window.Acked() == 0 || named.Holds({1, window.Acked()});
      EXPECT(all);
    }
  }
}
