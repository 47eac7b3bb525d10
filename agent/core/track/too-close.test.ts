import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fates, plain, trigger, verdict } from './testing/examples.ts';
import { eventsOf, play, pulsesOf } from './testing/play.ts';
import type { TrackerCalibration } from './tracker.ts';

// Windows are 20 wide and the gate needs 10 to recover: parts less than 30 apart are too close.
const escaping: TrackerCalibration = { ...plain, tooClose: 'escape' };
const stopping: TrackerCalibration = { ...plain, tooClose: 'stop-line' };

describe('two parts', () => {
  it('are flagged when they are closer than width and recovery, not when just that far', () => {
    assert.deepEqual(eventsOf(play(plain, [trigger(1000), trigger(1030)], true), 'too-close'), []);
    assert.deepEqual(eventsOf(play(plain, [trigger(1000), trigger(1029)], true), 'too-close'), [
      { kind: 'too-close', part: 1, neighbour: 2, atNs: 1029 },
      { kind: 'too-close', part: 2, neighbour: 1, atNs: 1029 },
    ]);
  });

  it('that both pass keep the gate still, however close', () => {
    const played = play(
      plain,
      [trigger(1000), trigger(1005), verdict(1, 'pass', 1010), verdict(2, 'pass', 1010)],
      true,
    );
    assert.deepEqual(pulsesOf(played), []);
    assert.deepEqual(fates(played), ['pass by verdict, too close', 'pass by verdict, too close']);
  });

  it('that are both ejected, just far enough, get a pulse each', () => {
    const played = play(plain, [trigger(1000), trigger(1030)], true);
    assert.deepEqual(pulsesOf(played), [
      { fromNs: 1100, toNs: 1120 },
      { fromNs: 1130, toNs: 1150 },
    ]);
  });

  it('that are both ejected, with less than recovery between, get one held pulse', () => {
    const played = play(plain, [trigger(1000), trigger(1029)], true);
    assert.deepEqual(pulsesOf(played), [{ fromNs: 1100, toNs: 1149 }]);
  });
});

describe('eject-neighbour', () => {
  it('ejects a good part that comes before the gate has recovered from the one before', () => {
    const played = play(plain, [trigger(1000), trigger(1029), verdict(2, 'pass', 1050)], true);
    assert.deepEqual(fates(played), ['eject by fail-safe, too close', 'eject by too-close, too close']);
    assert.deepEqual(pulsesOf(played), [{ fromNs: 1100, toNs: 1149 }]);
  });

  it('ejects a good part whose window the next one begins in, unless that is known to pass', () => {
    const calls = [trigger(1000), trigger(1019), verdict(1, 'pass', 1050)];
    assert.deepEqual(fates(play(plain, calls, true))[0], 'eject by too-close, too close');
    const known = play(plain, [...calls, verdict(2, 'pass', 1095)], true);
    assert.deepEqual(fates(known), ['pass by verdict, too close', 'pass by verdict, too close']);
    const tooLate = play(plain, [...calls, verdict(2, 'pass', 1096)], true);
    assert.deepEqual(fates(tooLate), ['eject by too-close, too close', 'eject by too-close, too close']);
  });

  it('lets a good part go whose window ends as the next one begins', () => {
    const played = play(plain, [trigger(1000), trigger(1020), verdict(1, 'pass', 1050)], true);
    assert.deepEqual(fates(played), ['pass by verdict, too close', 'eject by fail-safe, too close']);
    assert.deepEqual(pulsesOf(played), [{ fromNs: 1120, toNs: 1140 }]);
  });

  it('clips a forced pulse so that it does not hit a part that passes', () => {
    // 2 passes and lies within 1, which passes too; 3 is bad and lies within 2 only, so 2 is forced out.
    const calls = [trigger(1000), trigger(1010), trigger(1025), verdict(1, 'pass', 1050), verdict(2, 'pass', 1050)];
    const played = play(plain, calls, true);
    assert.deepEqual(fates(played).slice(0, 2), ['pass by verdict, too close', 'eject by too-close, too close']);
    assert.deepEqual(pulsesOf(played), [{ fromNs: 1120, toNs: 1145 }]);
    assert.deepEqual(
      eventsOf(played, 'gate').map(({ scheduledNs }) => scheduledNs),
      [1120, 1145],
    );
  });

  it('carries on through a row of good parts that are all too close', () => {
    const calls = [trigger(1000), trigger(1025), trigger(1050), trigger(1080)];
    const passes = [2, 3, 4].map((part) => verdict(part, 'pass', 1085));
    const played = play(plain, [...calls, ...passes], true);
    assert.deepEqual(
      eventsOf(played, 'resolved').map(({ action }) => action),
      ['eject', 'eject', 'eject', 'pass'],
    );
    assert.deepEqual(pulsesOf(played), [{ fromNs: 1100, toNs: 1170 }]);
  });

  it('counts a neighbour without a verdict as bad though the fail-safe is pass', () => {
    const calls = [trigger(1000), trigger(1010), verdict(1, 'pass', 1050)];
    const played = play({ ...plain, failSafe: 'pass' }, calls, true);
    assert.deepEqual(fates(played), ['eject by too-close, too close', 'eject by too-close, too close']);
  });
});

describe('escape', () => {
  it('keeps the gate still for both, and tells verdicts from fail-safes', () => {
    const played = play(escaping, [trigger(1000), trigger(1029), verdict(1, 'reject', 1050)], true);
    assert.deepEqual(pulsesOf(played), []);
    assert.deepEqual(fates(played), ['pass by too-close, too close', 'pass by too-close, too close']);
    assert.deepEqual(
      eventsOf(played, 'resolved').map((event) => event.verdict),
      ['reject', 'none'],
    );
  });

  it('says that a good part passed by its verdict', () => {
    const played = play(escaping, [trigger(1000), trigger(1029), verdict(1, 'pass', 1050)], true);
    assert.equal(fates(played)[0], 'pass by verdict, too close');
  });

  it('ejects the next bad part that is not too close', () => {
    const played = play(escaping, [trigger(1000), trigger(1010), trigger(1040)], true);
    assert.deepEqual(pulsesOf(played), [{ fromNs: 1140, toNs: 1160 }]);
  });
});

describe('stop-line', () => {
  it('ejects as eject-neighbour does and asks at once for the line to stop', () => {
    const played = play(stopping, [trigger(1000), trigger(1029), trigger(1040), verdict(2, 'pass', 1050)], true);
    assert.deepEqual(eventsOf(played, 'stop-line'), [{ kind: 'stop-line', part: 2, reason: 'too-close', atNs: 1029 }]);
    assert.deepEqual(pulsesOf(played), [{ fromNs: 1100, toNs: 1160 }]);
    assert.equal(fates(played)[1], 'eject by too-close, too close');
  });
});
