import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LinegateError } from '../errors.ts';
import { plain } from './testing/examples.ts';
import { Tracker, type TrackerCalibration } from './tracker.ts';

const hourNs = 3_600_000_000_000;
const watched: TrackerCalibration = { ...plain, confirm: 'ejected', confirmFromNs: 10, confirmToNs: 50 };

function messageOf(calibration: TrackerCalibration): string {
  try {
    Tracker.create(calibration);
  } catch (error) {
    assert.ok(error instanceof LinegateError && error.code === 'bad-config');
    return error.message;
  }
  return 'accepted';
}

describe('a calibration', () => {
  for (const field of ['delayNs', 'widthNs', 'recoveryNs', 'leadNs', 'triggerDeadNs'] as const) {
    it(`is refused when ${field} is not a duration`, () => {
      for (const value of [0, -1, 0.5, hourNs + 1, Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
        const rule = 'must be a whole number of ns, more than 0 and at most an hour';
        assert.equal(messageOf({ ...plain, [field]: value }), `The calibration's ${field}, ${value}, ${rule}.`);
      }
    });
  }

  for (const field of ['base', 'failSafe', 'tooClose', 'confirm'] as const) {
    it(`is refused when ${field} is a word of its own making`, () => {
      assert.match(
        messageOf({ ...plain, [field]: 'counts' }),
        new RegExp(`^The calibration's ${field}, counts, must be "`),
      );
    });
  }

  it('accepts every choice', () => {
    for (const failSafe of ['eject', 'pass', 'stop-line'] as const) {
      for (const tooClose of ['eject-neighbour', 'escape', 'stop-line'] as const) {
        for (const confirm of ['none', 'ejected'] as const) {
          assert.equal(messageOf({ ...watched, failSafe, tooClose, confirm }), 'accepted');
        }
      }
    }
  });

  it('is refused when the confirmation window is none', () => {
    assert.match(messageOf({ ...watched, confirmFromNs: -1 }), /confirmFromNs, -1, must be .* from 0 to an hour/);
    assert.match(messageOf({ ...watched, confirmToNs: 10 }), /confirmToNs, 10, must be .* more than confirmFromNs/);
    assert.match(messageOf({ ...watched, confirmToNs: hourNs + 1 }), /confirmToNs, 3600000000001, must be .* an hour/);
    assert.equal(messageOf({ ...watched, confirmFromNs: 0, confirmToNs: 1 }), 'accepted');
  });

  it('may leave the confirmation window at anything where no sensor looks', () => {
    assert.equal(messageOf({ ...plain, confirmFromNs: -1, confirmToNs: -1 }), 'accepted');
  });

  it('is refused when the first part has no number', () => {
    for (const firstPart of [0, -1, 1.5, 2 ** 52 + 1, Number.NaN]) {
      assert.match(messageOf({ ...plain, firstPart }), /^The calibration's firstPart, .* from 1 to 2\^52\.$/);
    }
    assert.equal(messageOf({ ...plain, firstPart: 2 ** 52 }), 'accepted');
  });

  it('is refused when two parts too close to each other might not both be seen before a deadline', () => {
    assert.equal(messageOf({ ...plain, delayNs: 35 }), 'accepted');
    assert.match(
      messageOf({ ...plain, delayNs: 34 }),
      /delayNs, 34, is too short: less leadNs it must be at least widthNs \+/,
    );
  });

  it('is refused when more parts could be on the way than the tracker keeps', () => {
    const long = { ...plain, delayNs: 255 * 5 - 20 };
    assert.equal(messageOf(long), 'accepted');
    assert.match(
      messageOf({ ...long, delayNs: long.delayNs + 1 }),
      /triggerDeadNs, 5, is too short: more than 256 parts/,
    );
    assert.match(messageOf({ ...long, confirm: 'ejected', confirmToNs: 21 }), /triggerDeadNs, 5, is too short/);
  });
});
