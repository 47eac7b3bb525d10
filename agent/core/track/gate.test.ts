import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { confirm, fates, plain, stop, tick, trigger, verdict } from './testing/examples.ts';
import { eventsOf, play, pulsesOf } from './testing/play.ts';
import { Tracker } from './tracker.ts';

describe('a late tick', () => {
  it('within the window fires the remainder and says how late it is', () => {
    const played = play(plain, [trigger(1000), tick(1107), tick(1123)], false);
    assert.deepEqual(eventsOf(played, 'gate'), [
      { kind: 'gate', state: 'active', part: 1, atNs: 1107, scheduledNs: 1100, lateNs: 7 },
      { kind: 'gate', state: 'inactive', part: 1, atNs: 1123, scheduledNs: 1120, lateNs: 3 },
    ]);
    assert.deepEqual(fates(played), ['eject by fail-safe']);
  });

  it('at the end of the window or after it fires nothing and says that the part was missed', () => {
    for (const atNs of [1120, 1400]) {
      const played = play(plain, [trigger(1000), tick(atNs)], false);
      assert.deepEqual(pulsesOf(played), []);
      assert.deepEqual(eventsOf(played, 'missed-pulse'), [
        { kind: 'missed-pulse', part: 1, atNs, scheduledNs: 1100, lateNs: atNs - 1100 },
      ]);
      assert.deepEqual(fates(played), ['missed by fail-safe']);
    }
  });

  it('misses the first and fires for the second of two parts', () => {
    const played = play(plain, [trigger(1000), trigger(1010), tick(1125), tick(1130)], false);
    assert.deepEqual(pulsesOf(played), [{ fromNs: 1125, toNs: 1130 }]);
    assert.deepEqual(fates(played), ['missed by fail-safe, too close', 'eject by fail-safe, too close']);
  });

  it('leaves a held gate as it is for both parts', () => {
    const played = play(plain, [trigger(1000), trigger(1029), tick(1100), tick(1149)], false);
    assert.deepEqual(pulsesOf(played), [{ fromNs: 1100, toNs: 1149 }]);
    assert.equal(eventsOf(played, 'missed-pulse').length, 0);
  });

  it('tells what was due in the order of time', () => {
    const played = play(plain, [trigger(1000), trigger(1060), tick(1170)], false);
    const told = played.at(-2)?.events.map((event) => `${event.kind} ${'part' in event ? event.part : ''}`);
    assert.deepEqual(told, ['resolved 1', 'missed-pulse 1', 'closed 1', 'resolved 2', 'gate 2']);
  });
});

describe('an input', () => {
  it('never makes the gate active, for its time may be long past', () => {
    const played = play(plain, [trigger(1000), trigger(1105), tick(1110)], false);
    assert.deepEqual(eventsOf(played.slice(0, 2), 'gate'), []);
    assert.deepEqual(pulsesOf(played)[0]?.fromNs, 1110);
  });

  it('makes it inactive when the window was over before', () => {
    const played = play(plain, [trigger(1000), tick(1100), confirm(1121)], false);
    assert.deepEqual(pulsesOf(played), [{ fromNs: 1100, toNs: 1121 }]);
  });
});

describe('nextNs', () => {
  it('names each time at which a tick has something to do, and no other', () => {
    const tracker = Tracker.create(plain);
    assert.equal(tracker.nextNs(), undefined);
    tracker.trigger(1000);
    const times: number[] = [];
    for (let next = tracker.nextNs(); next !== undefined; next = tracker.nextNs()) {
      times.push(next);
      tracker.drain();
      tracker.tick(next - 1);
      assert.deepEqual(tracker.drain(), []);
      tracker.tick(next);
      assert.notDeepEqual(tracker.drain(), []);
    }
    assert.deepEqual(times, [1095, 1100, 1120]);
  });

  it('is in the past when an input came where a tick was due', () => {
    const tracker = Tracker.create(plain);
    tracker.trigger(1000);
    tracker.trigger(1105);
    assert.equal(tracker.nextNs(), 1100);
  });

  it('is never after stop', () => {
    const tracker = Tracker.create(plain);
    tracker.trigger(1000);
    tracker.stop(1001);
    assert.equal(tracker.nextNs(), undefined);
  });
});

describe('stop', () => {
  it('makes the gate inactive at once and closes what is open', () => {
    const calls = [trigger(1000), trigger(1050), verdict(2, 'pass', 1060), stop(1110), tick(1150), stop(1160)];
    const played = play(plain, calls, true);
    assert.deepEqual(pulsesOf(played), [{ fromNs: 1100, toNs: 1110 }]);
    assert.deepEqual(fates(played), ['aborted by fail-safe', 'aborted by stopped']);
    assert.equal(eventsOf(played, 'closed')[1]?.verdict, 'pass');
  });

  it('closes no part again that has closed behind one that still awaits its confirmation', () => {
    const watched = { ...plain, confirm: 'ejected' as const, confirmToNs: 200 };
    const calls = [trigger(1000), trigger(1050), verdict(2, 'pass', 1060), tick(1200), stop(1200), stop(1201)];
    assert.deepEqual(fates(play(watched, calls, true)), ['aborted by fail-safe', 'pass by verdict']);
  });

  it('fires nothing that was due', () => {
    const played = play(plain, [trigger(1000), stop(1110)], false);
    assert.deepEqual(eventsOf(played, 'gate'), []);
    assert.deepEqual(fates(played), ['aborted by stopped']);
  });

  it('leaves a verdict that comes later late', () => {
    const played = play(plain, [trigger(1000), stop(1010), verdict(1, 'pass', 1020)], true);
    assert.equal(eventsOf(played, 'verdict-late').length, 1);
  });
});
