import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import type { Journal, OpenPart } from '../../agent/ports/journal.ts';

/** One store, and the processes that open it one after the other. */
export interface JournalUnderTest {
  /** A journal that is not open yet, as a process under this boot would make it. The one before it is dead. */
  start(bootId: string | null): Journal;
  dispose(): void;
}

/** What every journal keeps. */
export function journalContract(name: string, make: () => JournalUnderTest): void {
  let it: JournalUnderTest;

  /** What a new process of the same boot finds. */
  const found = (): { readonly lastPart: number; readonly open: readonly OpenPart[] } => it.start('boot').open();

  describe(`journal: ${name}`, () => {
    beforeEach(() => {
      it = make();
    });
    afterEach(() => it.dispose());

    test('is empty at first', () => {
      assert.deepEqual(found(), { lastPart: 0, open: [] });
    });

    test('a death leaves the parts that nobody acknowledged', () => {
      const journal = it.start('boot');
      journal.open();
      journal.triggered(1, 1e9);
      journal.triggered(2, 2e9 + 0.5);
      journal.triggered(3, 8.9e15);
      journal.acknowledged(2);
      const open = [
        { part: 1, atNs: 1e9 },
        { part: 3, atNs: 8.9e15 },
      ];
      assert.deepEqual(found(), { lastPart: 3, open });
      assert.deepEqual(found(), { lastPart: 3, open }, 'the second death loses nothing');
    });

    test('the highest number stays when all is acknowledged, also over a clean end', () => {
      const journal = it.start('boot');
      journal.open();
      journal.triggered(7, 1);
      journal.acknowledged(7);
      journal.close();
      journal.close();
      assert.deepEqual(found(), { lastPart: 7, open: [] });
      assert.deepEqual(found(), { lastPart: 7, open: [] });
    });

    test('acknowledging a part of the process before, or one nobody knows, is fine', () => {
      const first = it.start('boot');
      first.open();
      first.triggered(1, 1);
      const second = it.start('boot');
      second.open();
      second.acknowledged(1);
      second.acknowledged(99);
      assert.deepEqual(found(), { lastPart: 1, open: [] });
    });

    for (const [what, before, after] of [
      ['a reboot', 'boot', 'other'],
      ['a boot that nobody names', null, null],
    ] as const) {
      test(`counts as empty after ${what}`, () => {
        const journal = it.start(before);
        journal.open();
        journal.triggered(1, 1);
        assert.deepEqual(it.start(after).open(), { lastPart: 0, open: [] });
      });
    }

    test('is right after any lives and deaths', () => {
      const step = fc.oneof(
        { weight: 8, arbitrary: fc.constant('trigger' as const) },
        { weight: 6, arbitrary: fc.constant('acknowledge' as const) },
        { weight: 1, arbitrary: fc.constant('die' as const) },
      );
      fc.assert(
        fc.property(fc.array(fc.tuple(step, fc.nat()), { minLength: 1, maxLength: 200 }), (steps) => {
          it.dispose();
          it = make();
          assert.deepEqual(...lived(it, steps));
        }),
        { numRuns: 50 },
      );
    });
  });
}

type Step = readonly [kind: 'trigger' | 'acknowledge' | 'die', pick: number];

/** What a journal says at the end of a life, and what it should say. */
function lived(it: JournalUnderTest, steps: readonly Step[]): [unknown, unknown] {
  const open = new Map<number, number>();
  let lastPart = 0;
  let journal = it.start('boot');
  journal.open();
  for (const [kind, pick] of steps) {
    if (kind === 'trigger') {
      lastPart += 1;
      journal.triggered(lastPart, pick);
      open.set(lastPart, pick);
    } else if (kind === 'acknowledge') {
      const part = [...open.keys()][pick % Math.max(1, open.size)] ?? 0;
      journal.acknowledged(part);
      open.delete(part);
    } else {
      journal = it.start('boot');
      journal.open();
    }
  }
  return [it.start('boot').open(), { lastPart, open: Array.from(open, ([part, atNs]) => ({ part, atNs })) }];
}
