import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClosedByLine } from '../../../ports/line.ts';
import { PartBook } from './part-book.ts';

const closed: ClosedByLine = {
  action: 'eject',
  cause: 'fail-safe',
  verdict: 'none',
  tooClose: false,
  confirmation: 'none',
  atNs: 900,
  scheduledNs: 890,
  lateNs: 10,
};
const trigger = (part: number) => ({ kind: 'trigger', part, atNs: 100, deadlineNs: 500 }) as const;
const back = (part: number) => ({ kind: 'interrupted', part, atNs: 100, closed }) as const;

test('part book: a part that nobody here has heard of is told as interrupted, once', () => {
  const book = new PartBook();
  assert.deepEqual(book.broughtBack(back(4)), { tell: [back(4)], acknowledge: false });
  assert.deepEqual(book.broughtBack(back(4)), { tell: [], acknowledge: false });
  assert.equal(book.next, 5);
});

test('part book: a part that is open here goes on: what was missed of it is told, then how it closed', () => {
  const book = new PartBook();
  book.live(trigger(4));
  const { tell, acknowledge } = book.broughtBack(back(4));
  assert.deepEqual(tell, [
    {
      kind: 'resolved',
      part: 4,
      action: 'eject',
      cause: 'fail-safe',
      verdict: 'none',
      tooClose: false,
      atNs: 500,
      scheduledNs: 500,
      lateNs: 0,
    },
    { kind: 'closed', part: 4, ...closed },
  ]);
  assert.equal(acknowledge, false);
});

test('part book: a resolution that was heard is not told again, and an aborted part has none', () => {
  const book = new PartBook();
  book.live(trigger(4));
  book.live({ kind: 'resolved', part: 4, ...closed, action: 'eject', cause: 'fail-safe' });
  assert.deepEqual(
    book.broughtBack(back(4)).tell.map(({ kind }) => kind),
    ['closed'],
  );
  book.live(trigger(5));
  const aborted = { ...back(5), closed: { ...closed, action: 'aborted', cause: 'stopped' } } as const;
  assert.deepEqual(
    book.broughtBack(aborted).tell.map(({ kind }) => kind),
    ['closed'],
  );
});

test('part book: how a part closed that died with the gatekeeper is told as interrupted, also when it is open here', () => {
  const book = new PartBook();
  book.live(trigger(4));
  const { closed: _closed, ...unknown } = back(4);
  assert.deepEqual(book.broughtBack(unknown).tell, [unknown]);
});

test('part book: one that closed here is not told again, and acknowledged again when its record was durable', () => {
  const book = new PartBook();
  book.live(trigger(4));
  book.live({ kind: 'closed', part: 4, ...closed });
  assert.deepEqual(book.broughtBack(back(4)), { tell: [], acknowledge: false });
  book.acknowledged(4);
  assert.deepEqual(book.broughtBack(back(4)), { tell: [], acknowledge: true });
});

test('part book: what a new ring has forgotten is told as interrupted, once, and is not its to hear of', () => {
  const book = new PartBook();
  book.live(trigger(4));
  book.live(trigger(5));
  book.live({ kind: 'closed', part: 4, ...closed });
  assert.deepEqual(book.newRing(6), [{ kind: 'interrupted', part: 5, atNs: 100 }]);
  assert.deepEqual(book.newRing(6), []);
  assert.deepEqual([book.isOfThisRing(5), book.isOfThisRing(6)], [false, true]);
});

test('part book: of parts that were lost those end that are open here', () => {
  const book = new PartBook();
  for (const part of [4, 5, 6]) book.live(trigger(part));
  assert.deepEqual(
    book.lost(2, 5).map(({ part }) => part),
    [4, 5],
  );
});
