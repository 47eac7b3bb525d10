import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type ExpectedPart, expectedParts, unionOf } from './testing/oracle.ts';
import { type Call, eventsOf, type Played, type Pulse, play, pulsesOf } from './testing/play.ts';
import { scenarios } from './testing/scenarios.ts';
import type { TrackerCalibration } from './tracker.ts';

interface Seen {
  readonly calibration: TrackerCalibration;
  readonly calls: readonly Call[];
  readonly played: readonly Played[];
  readonly parts: readonly ExpectedPart[];
  readonly pulses: readonly Pulse[];
}

function holds(options: { punctual: boolean; withStop?: boolean }, check: (seen: Seen) => void): void {
  const property = fc.property(scenarios({ withStop: options.withStop ?? false }), ({ calibration, calls }) => {
    const played = play(calibration, calls, options.punctual);
    check({ calibration, calls, played, parts: expectedParts(played, calibration), pulses: pulsesOf(played) });
  });
  fc.assert(property, { numRuns: 1500 });
}

const covers = (pulses: readonly Pulse[], fromNs: number, toNs: number): boolean =>
  pulses.some((pulse) => pulse.fromNs <= fromNs && pulse.toNs >= toNs);

describe('the gate of a punctual host', () => {
  it('is active in the union of the ejected windows, and at no other time', () => {
    holds({ punctual: true }, ({ calibration, parts, pulses }) => {
      const planned = parts.map(({ pulse }) => pulse);
      assert.deepEqual(pulses, unionOf(planned, calibration.recoveryNs));
    });
  });

  it('is inactive through the window of each part that passes, and has recovered before', () => {
    holds({ punctual: true }, ({ calibration, parts, pulses }) => {
      for (const { action, startNs, endNs } of parts) {
        if (action !== 'pass') continue;
        assert.ok(pulses.every(({ fromNs, toNs }) => fromNs >= endNs || toNs + calibration.recoveryNs <= startNs));
      }
    });
  });

  it('is active through the whole window of each part that is ejected for itself', () => {
    holds({ punctual: true }, ({ calibration, parts, pulses }) => {
      for (const { own, tooClose, startNs, endNs } of parts) {
        if (!own || (tooClose && calibration.tooClose === 'escape')) continue;
        assert.ok(covers(pulses, startNs, endNs));
      }
    });
  });

  it('does not move for a part that is too close when the policy is escape', () => {
    holds({ punctual: true }, ({ calibration, parts, pulses }) => {
      if (calibration.tooClose !== 'escape') return;
      for (const { tooClose, startNs, endNs } of parts) {
        if (tooClose) assert.ok(pulses.every(({ fromNs, toNs }) => fromNs >= endNs || toNs <= startNs));
      }
    });
  });

  it('is never late and misses nothing', () => {
    holds({ punctual: true }, ({ played }) => {
      assert.ok(eventsOf(played, 'gate').every(({ lateNs }) => lateNs === 0));
      assert.deepEqual(eventsOf(played, 'missed-pulse'), []);
    });
  });

  it('goes the same way without the verdicts that came late, again or for nobody', () => {
    holds({ punctual: true }, ({ calibration, calls, played, pulses }) => {
      const ignored = new Set(
        played.filter(({ events }) => events.some(({ kind }) => kind.startsWith('verdict-'))).map(({ call }) => call),
      );
      const without = calls.map((call) => (ignored.has(call) && call.call === 'verdict' ? { ...call, part: 0 } : call));
      assert.deepEqual(pulsesOf(play(calibration, without, true)), pulses);
    });
  });
});

describe('the gate of a late host', () => {
  it('moves only as planned: a pulse begins within a planned one and ends at its end or later', () => {
    holds({ punctual: false }, ({ calibration, parts, pulses, played }) => {
      const planned = unionOf(
        parts.map(({ pulse }) => pulse),
        calibration.recoveryNs,
      );
      for (const { fromNs, toNs } of pulses) {
        assert.ok(planned.some((plan) => plan.fromNs <= fromNs && fromNs < plan.toNs && plan.toNs <= toNs));
      }
      const byTick = played.filter(({ events }) => events.some((e) => e.kind === 'gate' && e.state === 'active'));
      assert.ok(byTick.every(({ call }) => call.call === 'tick'));
    });
  });

  it('ejects a part when it was active in its pulse, and else has missed it', () => {
    holds({ punctual: false }, ({ parts, played, pulses }) => {
      const closed = new Map(eventsOf(played, 'closed').map((event) => [event.part, event.action]));
      const missed = eventsOf(played, 'missed-pulse').map(({ part }) => part);
      assert.deepEqual(
        missed.filter((part) => closed.get(part) !== 'missed'),
        [],
      );
      for (const { part, pulse, action } of parts) {
        if (pulse === undefined) assert.equal(closed.get(part), action);
        else if (closed.get(part) === 'missed') assert.ok(missed.includes(part));
        else assert.ok(pulses.some(({ fromNs, toNs }) => fromNs < pulse.toNs && toNs > pulse.fromNs));
      }
    });
  });

  it('fires each pulse within which the host ticked', () => {
    holds({ punctual: false }, ({ parts, played }) => {
      const missed = eventsOf(played, 'missed-pulse').map(({ part }) => part);
      for (const { part, pulse } of parts) {
        if (pulse === undefined || !missed.includes(part)) continue;
        const { fromNs, toNs } = pulse;
        assert.ok(!played.some(({ call, atNs }) => call.call === 'tick' && atNs >= fromNs && atNs < toNs));
      }
    });
  });
});

describe('a stopped tracker', () => {
  it('has its gate inactive at once and does nothing more', () => {
    for (const punctual of [true, false]) {
      holds({ punctual, withStop: true }, ({ played, pulses }) => {
        const stop = played.findIndex(({ call }) => call.call === 'stop');
        if (stop < 0) return;
        const gates = eventsOf(played, 'gate').length;
        assert.equal(gates, 2 * pulses.length, 'the gate ended inactive');
        const after = played.slice(stop + 1);
        assert.equal(eventsOf(after, 'gate').length, 0);
        assert.equal(eventsOf(after, 'trigger').length + eventsOf(after, 'closed').length, 0);
      });
    }
  });

  it('has closed every part exactly once, the open ones as aborted', () => {
    for (const punctual of [true, false]) {
      holds({ punctual, withStop: true }, ({ played }) => {
        const triggered = eventsOf(played, 'trigger').map(({ part }) => part);
        const closed = eventsOf(played, 'closed');
        assert.deepEqual(closed.map(({ part }) => part).toSorted(), triggered.toSorted());
        const stop = played.findIndex(({ call }) => call.call === 'stop');
        if (stop < 0) return;
        const atStop = eventsOf(played.slice(stop, stop + 1), 'closed');
        assert.ok(atStop.every(({ action }) => action === 'aborted'));
        assert.equal(atStop.length, closed.filter(({ action }) => action === 'aborted').length);
      });
    }
  });
});
