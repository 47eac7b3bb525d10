import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fates, plain, stop, tick, trigger, verdict } from './testing/examples.ts';
import { eventsOf, play, pulsesOf } from './testing/play.ts';
import { Tracker } from './tracker.ts';

describe('a part', () => {
  it('is armed by its trigger: without a verdict it is ejected in its window', () => {
    const played = play(plain, [trigger(1000)], true);
    assert.deepEqual(eventsOf(played, 'trigger'), [{ kind: 'trigger', part: 1, atNs: 1000, deadlineNs: 1095 }]);
    assert.deepEqual(pulsesOf(played), [{ fromNs: 1100, toNs: 1120 }]);
    assert.deepEqual(fates(played), ['eject by fail-safe']);
  });

  it('is disarmed by pass', () => {
    const played = play(plain, [trigger(1000), verdict(1, 'pass', 1050)], true);
    assert.deepEqual(pulsesOf(played), []);
    assert.deepEqual(fates(played), ['pass by verdict']);
  });

  it('stays armed by reject and by review', () => {
    for (const word of ['reject', 'review'] as const) {
      const played = play(plain, [trigger(1000), verdict(1, word, 1050)], true);
      assert.deepEqual(pulsesOf(played), [{ fromNs: 1100, toNs: 1120 }]);
      assert.equal(eventsOf(played, 'closed')[0]?.verdict, word);
      assert.deepEqual(fates(played), ['eject by verdict']);
    }
  });

  it('takes a verdict at its deadline, and none after it', () => {
    const inTime = play(plain, [trigger(1000), verdict(1, 'pass', 1095)], true);
    assert.deepEqual(fates(inTime), ['pass by verdict']);
    const late = play(plain, [trigger(1000), verdict(1, 'pass', 1096)], true);
    assert.deepEqual(fates(late), ['eject by fail-safe']);
    assert.deepEqual(eventsOf(late, 'verdict-late'), [{ kind: 'verdict-late', part: 1, verdict: 'pass', atNs: 1096 }]);
  });

  it('takes no verdict once its deadline was ticked', () => {
    const played = play(plain, [trigger(1000), tick(1095), verdict(1, 'pass', 1095)], false);
    assert.equal(eventsOf(played, 'verdict-late').length, 1);
  });

  it('is resolved at its deadline though nobody ticks', () => {
    const played = play(plain, [trigger(1000), verdict(1, 'pass', 1200)], false);
    assert.equal(eventsOf(played, 'resolved')[0]?.cause, 'fail-safe');
    assert.equal(eventsOf(played, 'verdict-late').length, 1);
  });

  it('keeps its first verdict', () => {
    const played = play(plain, [trigger(1000), verdict(1, 'pass', 1050), verdict(1, 'reject', 1060)], true);
    assert.deepEqual(fates(played), ['pass by verdict']);
    assert.deepEqual(eventsOf(played, 'verdict-repeated'), [
      { kind: 'verdict-repeated', part: 1, verdict: 'reject', atNs: 1060 },
    ]);
  });

  it('has the number that follows the one before', () => {
    const played = play({ ...plain, firstPart: 2 ** 40 }, [trigger(1000), trigger(1100)], true);
    assert.deepEqual(
      eventsOf(played, 'closed').map(({ part }) => part),
      [2 ** 40, 2 ** 40 + 1],
    );
  });
});

describe('a verdict', () => {
  it('for a part that does not exist is told back', () => {
    const calls = [verdict(7, 'pass', 990), trigger(1000), verdict(6, 'pass', 1001), verdict(8, 'pass', 1002)];
    const played = play({ ...plain, firstPart: 7 }, calls, true);
    const unknown = eventsOf(played, 'verdict-unknown').map(({ part }) => part);
    assert.deepEqual(unknown, [7, 6, 8]);
    assert.deepEqual(fates(played), ['eject by fail-safe']);
  });

  it('for a part long gone is late', () => {
    const played = play(plain, [trigger(1000), tick(5000), verdict(1, 'reject', 5001)], true);
    assert.equal(eventsOf(played, 'verdict-late').length, 1);
  });
});

describe('an edge', () => {
  it('closer than the dead time to the last accepted one is a bounce', () => {
    const played = play(plain, [trigger(1000), trigger(1004), trigger(1005)], true);
    assert.deepEqual(eventsOf(played, 'trigger-ignored'), [{ kind: 'trigger-ignored', reason: 'bounce', atNs: 1004 }]);
    assert.equal(eventsOf(played, 'trigger').length, 2);
  });

  it('that comes with a time before the latest seen is taken at the latest, and counted', () => {
    const tracker = Tracker.create(plain);
    tracker.tick(1000);
    tracker.trigger(900);
    assert.equal(tracker.nextNs(), 1095);
    assert.equal(tracker.counters().triggersClamped, 1);
  });

  it('after stop is told back as such', () => {
    const played = play(plain, [stop(1000), trigger(1001)], true);
    assert.deepEqual(eventsOf(played, 'trigger-ignored'), [{ kind: 'trigger-ignored', reason: 'stopped', atNs: 1001 }]);
  });
});

describe('the fail-safe', () => {
  it('pass lets a part without a verdict go, and no other', () => {
    const played = play(
      { ...plain, failSafe: 'pass' },
      [trigger(1000), trigger(1100), verdict(2, 'reject', 1150)],
      true,
    );
    assert.deepEqual(fates(played), ['pass by fail-safe', 'eject by verdict']);
  });

  it('stop-line ejects it and asks once for the line to stop, until somebody resumes', () => {
    const stopping = { ...plain, failSafe: 'stop-line' as const };
    const played = play(stopping, [trigger(1000), trigger(1100), tick(1250), { call: 'resume' }, trigger(1300)], true);
    assert.deepEqual(fates(played), Array(3).fill('eject by fail-safe'));
    assert.deepEqual(eventsOf(played, 'stop-line'), [
      { kind: 'stop-line', part: 1, reason: 'fail-safe', atNs: 1095 },
      { kind: 'stop-line', part: 3, reason: 'fail-safe', atNs: 1395 },
    ]);
  });
});

describe('a tracker', () => {
  it('refuses a time that is no number', () => {
    const tracker = Tracker.create(plain);
    for (const atNs of [Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => tracker.trigger(atNs), { code: 'illegal-input', message: /must be a finite number/ });
      assert.throws(() => tracker.tick(atNs), { code: 'illegal-input' });
    }
  });

  it('has a memory of its own', () => {
    const [one, other] = [Tracker.create(plain), Tracker.create(plain)];
    one.trigger(1000);
    assert.equal(other.nextNs(), undefined);
    assert.deepEqual(other.drain(), []);
  });

  it('keeps as many parts as the calibration allows, and closes all', () => {
    const calibration = { ...plain, delayNs: 255 * 5 - 20 };
    const calls = Array.from({ length: 2000 }, (_, i) => trigger(1000 + 5 * i));
    const played = play(calibration, calls, true);
    assert.equal(eventsOf(played, 'closed').length, 2000);
    assert.deepEqual(pulsesOf(played), [{ fromNs: 1000 + 1255, toNs: 1000 + 1999 * 5 + 1275 }]);
  });

  it('loses no event when a very late tick does everything at once', () => {
    const calibration = { ...plain, delayNs: 255 * 5 - 20, tooClose: 'escape' as const };
    const calls = Array.from({ length: 256 }, (_, i) => trigger(1000 + 5 * i));
    const tracker = Tracker.create(calibration);
    for (const call of calls) if (call.call === 'trigger') tracker.trigger(call.atNs);
    tracker.tick(1_000_000);
    assert.equal(tracker.drain().filter(({ kind }) => kind === 'closed').length, 256);
    assert.equal(tracker.counters().eventsLost, 0);
  });

  it('counts what happens', () => {
    const tracker = Tracker.create(plain);
    for (const [part, word] of ['pass', 'reject', undefined].entries()) {
      const atNs = 1000 * (part + 1);
      tracker.trigger(atNs);
      if (word === 'pass' || word === 'reject') tracker.verdict(part + 1, word, atNs + 1);
      for (let next = tracker.nextNs(); next !== undefined; next = tracker.nextNs()) tracker.tick(next);
    }
    tracker.trigger(9000);
    tracker.stop(9001);
    const { triggers, ejected, passed, missed, aborted, failSafes, pulses } = tracker.counters();
    assert.deepEqual([triggers, ejected, passed, missed, aborted, failSafes, pulses], [4, 2, 1, 0, 1, 1, 2]);
  });
});
