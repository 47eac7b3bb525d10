import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { expectedConfirmations } from './testing/confirmations.ts';
import { confirm, plain, stop, tick, trigger, verdict } from './testing/examples.ts';
import { expectedParts } from './testing/oracle.ts';
import { eventsOf, type Played, play } from './testing/play.ts';
import { scenarios } from './testing/scenarios.ts';
import type { TrackerCalibration } from './tracker.ts';

// An ejected part triggered at T may be seen from T + 110 to T + 150, and closes then.
const watched: TrackerCalibration = { ...plain, confirm: 'ejected', confirmFromNs: 10, confirmToNs: 50 };

const seen = (played: readonly Played[]): (number | undefined)[] =>
  eventsOf(played, 'confirmation').map(({ part }) => part);
const closings = (played: readonly Played[]): string[] =>
  eventsOf(played, 'closed').map(({ part, confirmation, scheduledNs }) => `${part} ${confirmation} at ${scheduledNs}`);

describe('an edge of the sensor in the chute', () => {
  it('within its window, ends included, confirms the ejected part', () => {
    for (const atNs of [1110, 1130, 1150]) {
      const played = play(watched, [trigger(1000), confirm(atNs)], true);
      assert.deepEqual(seen(played), [1]);
      assert.deepEqual(closings(played), ['1 confirmed at 1150']);
    }
  });

  it('outside of it is unexpected', () => {
    for (const atNs of [1109, 1151]) {
      const played = play(watched, [trigger(1000), confirm(atNs)], true);
      assert.deepEqual(seen(played), [undefined]);
      assert.deepEqual(closings(played), ['1 unconfirmed at 1150']);
    }
  });

  it('confirms the oldest part that it can be', () => {
    const played = play(watched, [trigger(1000), trigger(1030), confirm(1141), confirm(1142), confirm(1143)], true);
    assert.deepEqual(seen(played), [1, 2, undefined]);
  });

  it('is not of a part that passed, was missed or has not been fired for', () => {
    const passed = play(watched, [trigger(1000), verdict(1, 'pass', 1010), confirm(1130)], true);
    assert.deepEqual(seen(passed), [undefined]);
    assert.deepEqual(closings(passed), ['1 none at 1120']);
    const missed = play(watched, [trigger(1000), tick(1125), confirm(1130)], false);
    assert.deepEqual(seen(missed), [undefined]);
    assert.deepEqual(closings(missed), ['1 none at 1120']);
    const unfired = play(watched, [trigger(1000), tick(1099), confirm(1115), tick(1116)], false);
    assert.deepEqual(seen(unfired), [undefined]);
  });

  it('is unexpected where no sensor is', () => {
    const played = play(plain, [trigger(1000), confirm(1110)], true);
    assert.deepEqual(seen(played), [undefined]);
    assert.deepEqual(closings(played), ['1 none at 1120']);
  });

  it('confirms parts in the gap of a held pulse', () => {
    const played = play(watched, [trigger(1000), trigger(1025), confirm(1122), confirm(1136)], true);
    assert.deepEqual(seen(played), [1, 2]);
  });
});

describe('an ejected part', () => {
  it('closes with its window where the confirmation window ends before', () => {
    const short = { ...watched, confirmFromNs: 0, confirmToNs: 5 };
    assert.deepEqual(closings(play(short, [trigger(1000), confirm(1105)], true)), ['1 confirmed at 1120']);
  });

  it('does not keep parts that pass from closing before it', () => {
    const played = play(
      { ...watched, confirmToNs: 200 },
      [trigger(1000), trigger(1050), verdict(2, 'pass', 1060)],
      true,
    );
    assert.deepEqual(closings(played), ['2 none at 1170', '1 unconfirmed at 1300']);
  });

  it('stays confirmed when the tracker is stopped', () => {
    const played = play(watched, [trigger(1000), confirm(1112), stop(1115)], true);
    assert.deepEqual(closings(played), ['1 confirmed at 1115']);
    assert.equal(eventsOf(played, 'closed')[0]?.action, 'aborted');
  });
});

describe('confirmations', () => {
  it('go to the oldest part that the gate was active for and that may be there, for every order of calls', () => {
    const property = fc.property(scenarios({ withStop: false }), ({ calibration, calls }) => {
      const played = play(calibration, calls, true);
      const expected = expectedConfirmations(played, expectedParts(played, calibration), calibration);
      assert.deepEqual(seen(played), expected);
      for (const { part, action, confirmation } of eventsOf(played, 'closed')) {
        const awaited = action === 'eject' && calibration.confirm === 'ejected';
        const confirmed = expected.includes(part) ? 'confirmed' : 'unconfirmed';
        assert.equal(confirmation, awaited ? confirmed : 'none');
      }
    });
    fc.assert(property, { numRuns: 1500 });
  });
});
