#include "bench.h"
#include "support/test.h"

using linegate::Blame;
using linegate::Status;
using linegate::test::Bench;
using linegate::test::kMs;

TEST(nothing_moves_before_the_model_has_shown_that_it_works) {
  Bench bench;
  bench.Says(126, -128);
  bench.gate.active = bench.gate.ready = true;
  EXPECT_EQ(bench.Start(), Status::kOk);
  EXPECT(!bench.gate.active);
  EXPECT(!bench.gate.ready);
  EXPECT(bench.station.Book().Stands(Blame::kSelfTest));
  EXPECT_TEXT(bench.station.Book().Why(),
              "The model does not give the scores of its golden vectors: install the recipe again.");
  EXPECT_EQ(bench.store.Count("\"selfTest\":{\"failed\":1,\"ok\":false,\"passed\":0,\"status\":\"corrupt\"}"), 1);
  // It sorts all the same, but nobody may rely on it.
  bench.Trigger();
  bench.Pass(600);
  EXPECT(!bench.gate.ready);
}

TEST(a_good_part_passes) {
  Bench bench;
  bench.classifier.takes_ns = 7 * kMs;
  EXPECT_EQ(bench.Start(), Status::kOk);
  EXPECT_EQ(bench.station.Tested().slowest_ns, 7 * kMs);
  EXPECT_TEXT(bench.station.Book().Why(), "");
  EXPECT(bench.gate.ready);
  EXPECT_EQ(bench.store.Count("\"outcome\":\"ready\",\"part\":null,\"payload\":{\"on\":true,\"why\":[]}"), 1);
  bench.Trigger();
  bench.Pass(600);
  EXPECT_EQ(bench.gate.drives, 0);
  EXPECT(bench.LastRowHas("\"outcome\":\"pass\",\"part\":1,\"payload\":{\"action\":\"pass\""));
  EXPECT(bench.LastRowHas("\"label\":\"normal\""));
  EXPECT(bench.LastRowHas("\"scores\":[0.9961,0]"));
  EXPECT(bench.platform.feeds > 0);
}

TEST(a_bad_part_is_thrown_out_in_its_window) {
  Bench bench;
  EXPECT_EQ(bench.Start(), Status::kOk);
  bench.Says(-128, 127);
  bench.Trigger();
  bench.Pass(499);
  EXPECT(!bench.gate.active);
  bench.Pass(1);
  EXPECT(bench.gate.active);
  bench.Pass(29);
  EXPECT(bench.gate.active);
  bench.Pass(1);
  EXPECT(!bench.gate.active);
  EXPECT(bench.LastRowHas("\"outcome\":\"reject\""));
  EXPECT(bench.LastRowHas("\"pulse\":{\"offMs\":530,\"onMs\":500}"));
}

TEST(armed_on_trigger_the_gate_throws_out_what_nobody_judged) {
  Bench bench;
  EXPECT_EQ(bench.Start(), Status::kOk);
  bench.Trigger();
  // The station task hangs; timer and tracker do without it.
  bench.gate.Turn(&bench.clock, 510 * kMs);
  EXPECT(bench.gate.active);
  bench.gate.Turn(&bench.clock, 600 * kMs);
  EXPECT(!bench.gate.active);
  bench.Work();
  EXPECT(bench.LastRowHas("\"outcome\":\"no-verdict\""));
  EXPECT(bench.LastRowHas("\"cause\":\"fail-safe\""));
  EXPECT(bench.LastRowHas("\"reason\":\"late\""));
}

TEST(a_verdict_after_the_deadline_moves_nothing_and_is_recorded_as_late) {
  Bench bench;
  EXPECT_EQ(bench.Start(), Status::kOk);
  bench.Trigger();
  bench.classifier.takes_ns = 495 * kMs;
  bench.Work();
  bench.gate.Turn(&bench.clock, 600 * kMs);
  bench.Work();
  EXPECT_EQ(bench.gate.drives, 2);
  EXPECT(bench.LastRowHas("\"late\":{\"atMs\":495,\"verdict\":\"pass\"}"));
  EXPECT(bench.LastRowHas("\"outcome\":\"no-verdict\""));
}

TEST(a_part_whose_deadline_is_over_is_not_inspected) {
  Bench bench;
  EXPECT_EQ(bench.Start(), Status::kOk);
  bench.Trigger();
  bench.clock.now_ns = 495 * kMs;
  bench.Work();
  EXPECT_EQ(bench.frames.sequence, 0);
}

TEST(a_camera_that_fails_takes_ready_away_until_it_gives_a_frame) {
  Bench bench;
  EXPECT_EQ(bench.Start(), Status::kOk);
  bench.frames.captures = Status::kDeviceFault;
  bench.frames.faults = 1;
  bench.Trigger();
  bench.Pass(600);
  EXPECT(!bench.gate.ready);
  EXPECT_EQ(bench.store.Count("\"outcome\":\"camera-fault\",\"part\":null,\"payload\":{\"faults\":1}"), 1);
  EXPECT_EQ(bench.store.Count("\"reason\":\"no-frame\""), 1);
  bench.frames.captures = Status::kOk;
  bench.Trigger();
  bench.Pass(600);
  EXPECT(bench.gate.ready);
}

TEST(a_frame_is_of_one_part_only_and_of_its_moment) {
  Bench bench;
  EXPECT_EQ(bench.Start(), Status::kOk);
  bench.Trigger();
  bench.Pass(600);
  bench.frames.repeats = true;
  bench.Trigger();
  bench.Pass(600);
  EXPECT(bench.LastRowHas("\"reason\":\"bad-frame\""));
  bench.frames.repeats = false;
  bench.frames.off_ns = -51 * kMs;
  bench.Trigger();
  bench.Pass(600);
  EXPECT_EQ(bench.store.Count("\"detail\":\"the frame was taken too far from the trigger\""), 1);
  EXPECT(!bench.frames.lent);
}

TEST(a_frame_or_a_model_that_cannot_be_used_is_no_verdict) {
  Bench bench;
  EXPECT_EQ(bench.Start(), Status::kOk);
  bench.frames.stride_bytes = 7;
  bench.Trigger();
  bench.Pass(600);
  EXPECT(bench.LastRowHas("\"reason\":\"bad-frame\""));
  bench.frames.stride_bytes = 8;
  bench.classifier.classifies = Status::kDeviceFault;
  bench.Trigger();
  bench.Pass(600);
  EXPECT_EQ(bench.store.Count("\"reason\":\"classifier-down\""), 1);
  EXPECT(!bench.gate.ready);
}

TEST(a_full_store_takes_ready_away_and_the_lost_parts_are_named_later) {
  Bench bench;
  EXPECT_EQ(bench.Start(), Status::kOk);
  bench.store.appends = Status::kNoSpace;
  bench.Trigger();
  bench.Pass(600);
  bench.Trigger();
  bench.Pass(600);
  EXPECT(!bench.gate.ready);
  bench.store.appends = Status::kOk;
  bench.Trigger();
  bench.Pass(600);
  EXPECT_EQ(bench.store.Count("\"kind\":\"gap\""), 1);
  EXPECT_EQ(bench.store.Count("\"outcome\":\"store-full\",\"part\":null,\"payload\":{\"ranges\":[[1,2]]}"), 1);
  EXPECT_EQ(bench.store.Count("\"outcome\":\"pass\",\"part\":3"), 1);
  EXPECT(bench.gate.ready);
}

TEST(a_stop_closes_what_is_open) {
  Bench bench;
  EXPECT_EQ(bench.Start(), Status::kOk);
  bench.Trigger();
  bench.station.Stop();
  EXPECT(!bench.gate.ready);
  EXPECT(bench.edges.listener == nullptr);
  EXPECT(bench.LastRowHas("\"outcome\":\"stopped\",\"part\":null,\"payload\":{\"lastPart\":1}"));
  EXPECT_EQ(bench.store.Count("\"reason\":\"line-stopped\""), 1);
  bench.station.Stop();
  EXPECT(!bench.station.Step());
}

TEST(a_stopped_line_waits_for_somebody) {
  Bench bench;
  bench.config.calibration.fail_safe = TRACK_FAIL_SAFE_STOP_LINE;
  linegate::Station station({bench.clock, bench.frames, bench.classifier, bench.platform}, bench.line, bench.ledger,
                            bench.maker, bench.config);
  EXPECT_EQ(bench.line.Open(), Status::kOk);
  EXPECT_EQ(station.Start(), Status::kOk);
  bench.frames.captures = Status::kTimeout;
  bench.Trigger();
  while (station.Step()) {
  }
  bench.gate.Turn(&bench.clock, 600 * kMs);
  (void)station.Step();
  EXPECT_EQ(
      bench.store.Count("\"outcome\":\"stop-line\",\"part\":null,\"payload\":{\"part\":1,\"reason\":\"fail-safe\"}"),
      1);
  bench.frames.captures = Status::kOk;
  bench.Trigger();
  while (station.Step()) {
  }
  EXPECT(!bench.gate.ready);
  station.Resume();
  (void)station.Step();
  EXPECT(bench.gate.ready);
}

TEST(more_events_than_the_station_takes_close_every_record_all_the_same) {
  Bench bench;
  EXPECT_EQ(bench.Start(), Status::kOk);
  for (int i = 0; i < 60; i++) {
    bench.Trigger();
    bench.gate.Turn(&bench.clock, bench.clock.now_ns + 60 * kMs);
  }
  EXPECT(bench.line.EventsLost() > 0);
  bench.Pass(600);
  EXPECT(!bench.gate.ready);
  EXPECT_EQ(bench.store.Count("\"outcome\":\"events-lost\""), 1);
  bench.station.Resume();
  bench.Trigger();
  bench.Pass(600);
  EXPECT(bench.gate.ready);
  bench.station.Stop();
  // Every number up to the last is explained by a row or a gap.
  EXPECT_EQ(bench.store.state.last.explained_to, 61);
}

TEST(a_chattering_photo_eye_pushes_nothing_out) {
  Bench bench;
  EXPECT_EQ(bench.Start(), Status::kOk);
  for (int i = 0; i < 5000; i++) {
    bench.Trigger();
    bench.gate.Turn(&bench.clock, bench.clock.now_ns + 1000);
  }
  bench.Pass(600);
  EXPECT_EQ(bench.line.EventsLost(), 0);
  EXPECT_EQ(bench.store.Count("\"part\":1,"), 1);
}

TEST(a_gate_that_moves_late_takes_ready_away) {
  Bench bench;
  EXPECT_EQ(bench.Start(), Status::kOk);
  bench.Trigger();
  bench.clock.now_ns = 503 * kMs;
  bench.gate.listener->OnWake();
  EXPECT(bench.gate.active);
  bench.Work();
  EXPECT(!bench.gate.ready);
  EXPECT(bench.station.Book().Stands(Blame::kGateLate));
}

TEST(an_update_whose_model_fails_is_taken_back_at_once) {
  Bench bench;
  bench.platform.reset = linegate::ResetReason::kUpdate;
  bench.Says(0, 0);
  (void)bench.Start();
  EXPECT_EQ(bench.platform.restarts, 1);
  EXPECT_EQ(bench.platform.confirms, 0);
}

TEST(an_update_stays_after_a_minute_without_fault) {
  Bench bench;
  bench.platform.reset = linegate::ResetReason::kUpdate;
  EXPECT_EQ(bench.Start(), Status::kOk);
  bench.Pass(59000);
  EXPECT_EQ(bench.platform.confirms, 0);
  bench.Pass(1001);
  EXPECT_EQ(bench.platform.confirms, 1);
  EXPECT_EQ(bench.platform.restarts, 0);
}

TEST(an_update_that_is_not_ready_after_a_minute_is_taken_back) {
  Bench bench;
  bench.platform.reset = linegate::ResetReason::kUpdate;
  bench.frames.opens = Status::kUnavailable;
  EXPECT_EQ(bench.Start(), Status::kOk);
  EXPECT(!bench.gate.ready);
  bench.Pass(60001);
  EXPECT_EQ(bench.platform.restarts, 1);
  EXPECT_EQ(bench.platform.confirms, 0);
}

TEST(a_calibration_that_cannot_be_is_refused) {
  Bench bench;
  bench.config.calibration.delay_ns = 1;
  linegate::Station station({bench.clock, bench.frames, bench.classifier, bench.platform}, bench.line, bench.ledger,
                            bench.maker, bench.config);
  EXPECT_EQ(bench.line.Open(), Status::kOk);
  EXPECT_EQ(station.Start(), Status::kBadConfig);
  EXPECT(!bench.gate.ready);
}

TEST(after_a_power_cut_no_number_is_used_twice) {
  Bench bench;
  EXPECT_EQ(bench.Start(), Status::kOk);
  bench.Trigger();
  bench.Pass(600);
  bench.Trigger();
  linegate::Ledger ledger(bench.store, bench.reserve, bench.clock);
  EXPECT_EQ(ledger.Open("boot-2"), Status::kOk);
  EXPECT_EQ(ledger.FirstPart(), 257);
  EXPECT(bench.LastRowHas("\"outcome\":\"power-cut\",\"part\":null,\"payload\":{\"ranges\":[[2,256]]"));
}
