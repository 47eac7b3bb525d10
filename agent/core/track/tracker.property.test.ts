import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type ExpectedPart, expectedParts } from './testing/oracle.ts';
import { eventsOf, type Played, play, pulsesOf } from './testing/play.ts';
import { scenarios } from './testing/scenarios.ts';

/** Checks a property of many scenarios, played by a host that ticks on time or does not, beside what the rules say. */
function holds(punctual: boolean, check: (played: Played[], parts: ExpectedPart[]) => void): void {
  const property = fc.property(scenarios({ withStop: false }), ({ calibration, calls }) => {
    const played = play(calibration, calls, punctual);
    check(played, expectedParts(played, calibration));
  });
  fc.assert(property, { numRuns: 1500 });
}

const numbersOf = (events: readonly { readonly part: number }[]): number[] => events.map(({ part }) => part);

for (const punctual of [true, false]) {
  describe(`a tracker with a ${punctual ? 'punctual' : 'late'} host`, () => {
    it('opens, resolves and closes each accepted part exactly once', () => {
      holds(punctual, (played, parts) => {
        const ids = numbersOf(parts);
        assert.deepEqual(numbersOf(eventsOf(played, 'trigger')), ids);
        assert.deepEqual(numbersOf(eventsOf(played, 'resolved')), ids);
        assert.deepEqual(numbersOf(eventsOf(played, 'closed')).toSorted(), ids.toSorted());
      });
    });

    it('closes a part as it was resolved, or as missed', () => {
      holds(punctual, (played) => {
        const resolved = new Map(eventsOf(played, 'resolved').map((event) => [event.part, event]));
        for (const { part, action, cause, verdict, tooClose } of eventsOf(played, 'closed')) {
          const before = resolved.get(part);
          assert.deepEqual([cause, verdict, tooClose], [before?.cause, before?.verdict, before?.tooClose]);
          if (action === 'missed') assert.ok(before?.action === 'eject' && !punctual);
          else assert.equal(action, before?.action);
        }
      });
    });

    it('closes parts in the order of time', () => {
      holds(punctual, (played) => {
        const dues = eventsOf(played, 'closed').map(({ scheduledNs }) => scheduledNs);
        assert.deepEqual(
          dues,
          dues.toSorted((a, b) => a - b),
        );
      });
    });

    it('resolves as the rules say, whenever the host ticks', () => {
      holds(punctual, (played, parts) => {
        const resolved = eventsOf(played, 'resolved');
        for (const [i, { own, startNs, endNs, pulse, deadlineNs, ...told }] of parts.entries()) {
          const { part, action, cause, verdict, tooClose } = resolved[i] ?? {};
          assert.deepEqual({ part, action, cause, verdict, tooClose }, told);
          assert.equal(resolved[i]?.scheduledNs, deadlineNs);
        }
      });
    });

    it('flags both of two parts that are too close, once', () => {
      holds(punctual, (played, parts) => {
        const flagged = numbersOf(parts.filter(({ tooClose }) => tooClose));
        assert.deepEqual(numbersOf(eventsOf(played, 'too-close')).toSorted(), flagged.toSorted());
      });
    });

    it('gives a part without a verdict the fail-safe, and says so', () => {
      const property = fc.property(scenarios({ withStop: false }), ({ calibration, calls }) => {
        const played = play(calibration, calls, punctual);
        for (const event of eventsOf(played, 'resolved')) {
          if (event.verdict !== 'none' || event.tooClose) continue;
          assert.equal(event.cause, 'fail-safe');
          assert.equal(event.action, calibration.failSafe === 'pass' ? 'pass' : 'eject');
        }
      });
      fc.assert(property, { numRuns: 1500 });
    });

    it('never makes the gate active within the window of a part that passes', () => {
      holds(punctual, (played, parts) => {
        for (const { startNs, endNs, action } of parts) {
          if (action !== 'pass') continue;
          assert.ok(!pulsesOf(played).some(({ fromNs }) => fromNs >= startNs && fromNs < endNs));
        }
      });
    });

    it('tells when each event was due and how late it was', () => {
      holds(punctual, (played) => {
        const told = played.flatMap(({ events, atNs }) => events.map((event) => ({ event, atNs })));
        for (const { event, atNs } of told) {
          assert.equal(event.atNs, atNs);
          if ('lateNs' in event) assert.ok(event.lateNs === atNs - event.scheduledNs && event.lateNs >= 0);
        }
      });
    });
  });
}
