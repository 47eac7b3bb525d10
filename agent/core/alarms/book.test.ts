import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertSentence } from '../../../test/support/sentence.ts';
import type { AlarmChange, AlarmId } from './alarm.ts';
import { advanceBook, emptyBook, headroomOf } from './book.ts';
import type { AlarmInput, RecordedPart } from './input.ts';
import { alarmRules } from './rules.ts';

const limits = {
  rejectsInARow: 3,
  unconfirmedInARow: 2,
  noVerdictShare: 0.05,
  cameraStalledMs: 5000,
  ledgerSlowMs: 2000,
  headroom: 0.1,
  dropPicturesAt: 0.8,
};

const plainPart: RecordedPart = {
  kind: 'part',
  part: 1,
  outcome: 'pass',
  action: 'pass',
  confirmation: 'none',
  frame: 'taken',
  headroom: 0.5,
};
const part = (more: Partial<RecordedPart> = {}): RecordedPart => ({ ...plainPart, ...more });

type Timed = readonly [input: AlarmInput, afterMs: number];

/** Runs inputs, each so many ms after the one before; tells what changed as `+id` and `-id`. */
function story(inputs: readonly (AlarmInput | Timed)[]) {
  let book = emptyBook;
  let nowMs = 0;
  const changes: AlarmChange[] = [];
  for (const entry of inputs) {
    const [input, afterMs] = 'kind' in entry ? [entry, 100] : entry;
    nowMs += afterMs;
    const next = advanceBook(book, input, limits, { nowMs, wallMs: 1e12 + nowMs });
    book = next.book;
    changes.push(...next.changes);
  }
  const told = changes.map(({ change, alarm }) => `${change === 'raised' ? '+' : '-'}${alarm.id}`);
  return { book, changes, told };
}

const many = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

test('alarms: rejects in a row, reviews among them; as many passes clear it', () => {
  const reject = part({ outcome: 'reject', action: 'eject' });
  const review = part({ outcome: 'review', action: 'eject' });
  assert.deepEqual(story([reject, reject, part(), reject, reject]).told, []);
  const { changes, told } = story([reject, part({ outcome: 'no-verdict' }), review, part({ ...reject, part: 9 })]);
  assert.deepEqual(told, ['+rejects-in-a-row']);
  assert.equal(changes[0]?.alarm.sentence, 'The last 3 parts in a row were rejected, up to part 9.');
  assert.deepEqual(story([...many(3, reject), part(), part(), reject]).told, ['+rejects-in-a-row']);
  assert.deepEqual(story([...many(3, reject), part(), part(), reject, part()]).told.at(-1), '-rejects-in-a-row');
  // A new run starts the count of passes again.
  assert.deepEqual(story([...many(3, reject), part(), part(), ...many(3, reject), part(), part()]).told, [
    '+rejects-in-a-row',
  ]);
});

test('alarms: ejections not confirmed, only where a sensor looks', () => {
  const seen = part({ outcome: 'pass', action: 'eject', confirmation: 'confirmed' });
  const unseen = part({ outcome: 'pass', action: 'eject', confirmation: 'unconfirmed' });
  const blind = part({ outcome: 'pass', action: 'eject', confirmation: 'none' });
  assert.deepEqual(story([unseen, seen, unseen, seen]).told, []);
  assert.deepEqual(story(many(50, blind)).told, []);
  assert.deepEqual(story([unseen, blind, part(), unseen, seen]).told, ['+ejection-unconfirmed']);
  assert.deepEqual(story([unseen, unseen, seen, seen]).told, ['+ejection-unconfirmed', '-ejection-unconfirmed']);
});

test('alarms: no-verdicts among the last hundred, cleared at half of the limit', () => {
  const without = part({ outcome: 'no-verdict', action: 'eject', frame: 'not-asked', headroom: null });
  assert.deepEqual(story([...many(4, without), ...many(96, part()), without]).told, []);
  assert.deepEqual(story([...many(5, without), ...many(97, part())]).told, ['+no-verdicts']);
  assert.deepEqual(story([...many(5, without), ...many(98, part())]).told, ['+no-verdicts', '-no-verdicts']);
  assert.deepEqual(story(many(20, part({ outcome: 'void', frame: 'not-asked', headroom: null }))).told, []);
});

test('alarms: a part that no trigger saw stands for a hundred parts', () => {
  assert.deepEqual(story([part(), { kind: 'unseen-part' }, ...many(99, part())]).told, ['+unseen-part']);
  assert.deepEqual(story([{ kind: 'unseen-part' }, ...many(100, part())]).told, ['+unseen-part', '-unseen-part']);
});

test('alarms: the camera stalls only while parts come, and one frame proves that it works', () => {
  const missed = part({ outcome: 'void', frame: 'missed', headroom: null });
  assert.deepEqual(story([missed, [{ kind: 'tick' }, 60_000]]).told, []);
  assert.deepEqual(story([missed, [missed, 4999]]).told, []);
  assert.deepEqual(story([missed, [missed, 5000], part()]).told, ['+camera-stalled', '-camera-stalled']);
  assert.deepEqual(story([missed, [part(), 3000], [missed, 3000]]).told, []);
  const failing = { kind: 'camera', state: 'failing', message: 'the cable is out' } as const;
  assert.deepEqual(story([failing, failing, part()]).told, ['+camera-stalled', '-camera-stalled']);
  assert.deepEqual(story([failing, { kind: 'camera', state: 'ok' }]).told, ['+camera-stalled', '-camera-stalled']);
});

test('alarms: a classifier that comes and goes is one alarm until it has stayed for 10 s', () => {
  const up = { kind: 'classifier', state: 'up' } as const;
  const down = { kind: 'classifier', state: 'down', detail: 'killed by SIGSEGV' } as const;
  assert.deepEqual(story([up, down, [up, 5000], [down, 5000], [up, 5000], [{ kind: 'tick' }, 9999]]).told, [
    '+classifier-down',
  ]);
  assert.deepEqual(story([down, up, [{ kind: 'tick' }, 10_000]]).told, ['+classifier-down', '-classifier-down']);
});

test('alarms: the ledger fails or is slow', () => {
  const failing = { kind: 'ledger', state: 'failing', message: 'The disk is full.' } as const;
  const ok = { kind: 'ledger', state: 'ok' } as const;
  assert.deepEqual(story([failing, ok, failing, ok, [{ kind: 'tick' }, 10_000]]).told, [
    '+ledger-slow',
    '-ledger-slow',
  ]);
  const slow = { kind: 'commit', tookMs: 2001 } as const;
  assert.deepEqual(story([{ kind: 'commit', tookMs: 2000 }]).told, []);
  assert.deepEqual(story([slow, [slow, 59_000], [{ kind: 'tick' }, 59_000]]).told, ['+ledger-slow']);
  assert.deepEqual(story([slow, [{ kind: 'tick' }, 60_000]]).told, ['+ledger-slow', '-ledger-slow']);
});

test('alarms: the disk fills and is full', () => {
  const used = (usedShare: number, full = false): AlarmInput => ({ kind: 'disk', usedShare, full });
  assert.deepEqual(story([used(0.79), used(0.8), used(0.79), used(0.8), used(0.77)]).told, [
    '+disk-filling',
    '-disk-filling',
  ]);
  assert.deepEqual(story([used(0.99, true), used(0.99), used(0.5)]).told, [
    '+disk-filling',
    '+disk-full',
    '-disk-full',
    '-disk-filling',
  ]);
});

test('alarms: headroom is that of the second worst of the last hundred', () => {
  const tight = part({ headroom: 0.05 });
  assert.deepEqual(story([tight, ...many(99, part()), part(), tight]).told, []);
  assert.deepEqual(story([tight, ...many(50, part()), tight]).told, ['+headroom-gone']);
  assert.deepEqual(story([tight, tight, ...many(99, part({ headroom: 0.12 }))]).told, ['+headroom-gone']);
  assert.deepEqual(story([tight, tight, ...many(99, part())]).told, ['+headroom-gone', '-headroom-gone']);
  assert.equal(headroomOf(emptyBook), null);
  assert.equal(headroomOf(story([tight, part(), part()]).book), 0.5);
});

test('alarms: a stepped clock, a fault of the line and a conflict stand for a while', () => {
  const step = { kind: 'clock-step', byMs: -86_400_000 } as const;
  assert.deepEqual(story([step, [{ kind: 'tick' }, 599_999]]).told, ['+clock-stepped']);
  assert.deepEqual(story([step, [{ kind: 'tick' }, 600_000]]).told, ['+clock-stepped', '-clock-stepped']);
  assert.match(story([step]).changes[0]?.alarm.sentence ?? '', /by -86400 s\.$/);
  const fault = { kind: 'line-fault', message: 'EIO: gate' } as const;
  assert.deepEqual(story([fault, ...many(99, part()), fault, ...many(99, part())]).told, ['+line-fault']);
  assert.deepEqual(story([fault, ...many(100, part())]).told, ['+line-fault', '-line-fault']);
  const conflict = { kind: 'uplink', state: 'conflict', detail: 'rows 5 to 7' } as const;
  assert.deepEqual(story([conflict, [{ kind: 'tick' }, 3.6e6]]).told, ['+uplink-conflict', '-uplink-conflict']);
});

test('alarms: the uplink is down after more than 60 s, and back after 10 s', () => {
  const up = { kind: 'uplink', state: 'connected' } as const;
  const down = { kind: 'uplink', state: 'disconnected', reason: 'ECONNREFUSED' } as const;
  assert.deepEqual(story([down, [down, 60_000], [up, 0], down, [{ kind: 'tick' }, 60_000]]).told, []);
  assert.deepEqual(story([down, [down, 60_001], up, [down, 9999], [up, 100]]).told, ['+uplink-down']);
  assert.deepEqual(story([down, [down, 60_001], up, [{ kind: 'tick' }, 10_000]]).told, [
    '+uplink-down',
    '-uplink-down',
  ]);
});

test('alarms: ready off for more than 5 s, said with all that stands against it; back on for 10 s', () => {
  const on = { kind: 'ready', state: 'on' } as const;
  const off = { kind: 'ready', state: 'off', why: ['start', 'encoder', 'no-agent'] } as const;
  const unknown = { kind: 'ready', state: 'unknown' } as const;
  assert.deepEqual(story([on, off, [off, 5000], on, [off, 100], [{ kind: 'tick' }, 5000]]).told, []);
  // Out of reach is another alarm's.
  assert.deepEqual(story([off, [unknown, 4000], [{ kind: 'tick' }, 60_000]]).told, []);
  const { told, changes } = story([
    off,
    [{ kind: 'tick' }, 5001],
    on,
    [off, 9999],
    [on, 100],
    [{ kind: 'tick' }, 10_000],
  ]);
  assert.deepEqual(told, ['+not-ready', '-not-ready']);
  assert.equal(
    changes[0]?.alarm.sentence,
    "READY is off: parts may lie on the belt that nobody has seen, the belt's encoder lost counts and the agent gave no sign of life.",
  );
  const lost = story([{ ...off, why: ['encoder'] }, [{ kind: 'tick' }, 6000]]);
  assert.equal(lost.changes[0]?.alarm.sentence, "READY is off: the belt's encoder lost counts.");
});

test('alarms: the bin is full, and not for parts that fall past its sensor', () => {
  const full = { kind: 'bin', state: 'full' } as const;
  const ok = { kind: 'bin', state: 'ok' } as const;
  assert.deepEqual(story([full, [ok, 2000], full, [{ kind: 'tick' }, 2000]]).told, []);
  assert.deepEqual(story([full, [{ kind: 'tick' }, 2001], ok, [full, 9000]]).told, ['+bin-full']);
  assert.deepEqual(story([full, [{ kind: 'tick' }, 2001], ok, [{ kind: 'tick' }, 10_000]]).told, [
    '+bin-full',
    '-bin-full',
  ]);
});

test('alarms: a receiver that does not answer is told at once, since it was waited for before', () => {
  const up = { kind: 'uplink', state: 'connected' } as const;
  const silent = {
    kind: 'uplink',
    state: 'unanswered',
    reason: 'nothing comes back.',
  } as const;
  const { told, changes } = story([silent, silent, up, [{ kind: 'tick' }, 10_000]]);
  assert.deepEqual(told, ['+uplink-down', '-uplink-down']);
  assert.equal(changes[0]?.alarm.sentence, 'No receiver answers (nothing comes back).');
});

const text = fc.string({ unit: 'binary', maxLength: 500 });
const anyInput: fc.Arbitrary<AlarmInput> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('part' as const),
      part: fc.nat(),
      outcome: fc.constantFrom('pass' as const, 'reject', 'review', 'no-verdict', 'void'),
      action: fc.constantFrom('eject' as const, 'pass', 'missed', 'aborted', 'unknown'),
      confirmation: fc.constantFrom('none' as const, 'confirmed', 'unconfirmed'),
      frame: fc.constantFrom('taken' as const, 'missed', 'not-asked'),
      headroom: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    }),
  },
  fc.constantFrom<AlarmInput>(
    { kind: 'unseen-part' },
    { kind: 'camera', state: 'ok' },
    { kind: 'classifier', state: 'up' },
    { kind: 'ledger', state: 'ok' },
    { kind: 'uplink', state: 'connected' },
    { kind: 'ready', state: 'on' },
    { kind: 'ready', state: 'unknown' },
    { kind: 'bin', state: 'ok' },
    { kind: 'bin', state: 'full' },
    { kind: 'tick' },
  ),
  text.map((message): AlarmInput => ({ kind: 'camera', state: 'failing', message })),
  text.map((detail): AlarmInput => ({ kind: 'classifier', state: 'down', detail })),
  text.map((message): AlarmInput => ({ kind: 'ledger', state: 'failing', message })),
  text.map((message): AlarmInput => ({ kind: 'line-fault', message })),
  text.map((reason): AlarmInput => ({ kind: 'uplink', state: 'disconnected', reason })),
  text.map((reason): AlarmInput => ({ kind: 'uplink', state: 'unanswered', reason })),
  text.map((detail): AlarmInput => ({ kind: 'uplink', state: 'conflict', detail })),
  fc.array(text, { maxLength: 5 }).map((why): AlarmInput => ({ kind: 'ready', state: 'off', why })),
  fc.nat(5000).map((tookMs): AlarmInput => ({ kind: 'commit', tookMs })),
  fc.integer().map((byMs): AlarmInput => ({ kind: 'clock-step', byMs })),
  fc.record({
    kind: fc.constant('disk' as const),
    usedShare: fc.double({ min: 0, max: 1, noNaN: true }),
    full: fc.boolean(),
  }),
);

test('alarms: whatever comes, each is raised and cleared in turns, in plain sentences, and what stands is what was raised', () => {
  const raisedEver = new Set<AlarmId>();
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyInput, fc.oneof(fc.nat(2000), fc.constantFrom(11_000, 70_000, 4e6))), {
        maxLength: 250,
        size: 'max',
      }),
      (inputs) => {
        const { book, changes } = story(inputs);
        const stands = new Set<AlarmId>();
        for (const { change, alarm } of changes) {
          assert.equal(stands.has(alarm.id), change === 'cleared', `${alarm.id} ${change}`);
          if (change === 'raised') stands.add(alarm.id);
          else stands.delete(alarm.id);
          raisedEver.add(alarm.id);
          assertSentence(alarm.sentence);
          assertSentence(alarm.advice);
        }
        assert.deepEqual(new Set(book.standing.map(({ id }) => id)), stands);
        assert.ok(book.facts.noVerdicts.length <= 100 && book.facts.headroom.length <= 100);
      },
    ),
    { numRuns: 100, seed: 5 },
  );
  assert.deepEqual([...raisedEver].sort(), alarmRules.map(({ id }) => id).sort());
});
