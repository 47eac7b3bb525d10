import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { journalContract } from '../../../test/contracts/journal.ts';
import { assertSentence } from '../../../test/support/sentence.ts';
import { FileJournal } from './file.ts';

function tempFolder(): string {
  return mkdtempSync(join(tmpdir(), 'linegate-journal-'));
}

journalContract('file', () => {
  const folder = tempFolder();
  const path = join(folder, 'line.journal');
  let last: FileJournal | null = null;
  return {
    start: (bootId) => {
      // The kernel closes a dead process's file; here the process lives on.
      last?.close();
      last = new FileJournal({ path, bootId });
      return last;
    },
    dispose: () => {
      last?.close();
      rmSync(folder, { recursive: true });
    },
  };
});

function journalIn(t: TestContext, text: string | null, faults: string[] = []): { path: string; journal: FileJournal } {
  const folder = tempFolder();
  const path = join(folder, 'line.journal');
  if (text !== null) writeFileSync(path, text);
  const journal = new FileJournal({ path, bootId: 'boot', onFault: (message) => faults.push(message) });
  t.after(() => {
    journal.close();
    rmSync(folder, { recursive: true });
  });
  return { path, journal };
}

test('file journal: a torn last line is passed over, wherever it was torn', (t) => {
  const whole = 'boot boot\nlast 3\nt 4 100\nt 5 200\na 4\n';
  for (let length = 0; length < whole.length; length++) {
    const { journal } = journalIn(t, whole.slice(0, length));
    const { lastPart, open } = journal.open();
    assert.equal(
      open.some(({ part, atNs }) => part === 4 && atNs === 100),
      length >= 25,
    );
    assert.equal(lastPart, length >= 33 ? 5 : length >= 25 ? 4 : length >= 17 ? 3 : 0, `torn at ${length}`);
  }
});

test('file journal: lines that say nothing are passed over', (t) => {
  const junk = ['', 't', 't 1', 't x 5', 't -1 5', 't 1 5 9', 'a', 'a 2 ', 'hello', '\0\0\0', 't 1e9 4', 'last'];
  const { journal } = journalIn(t, `boot boot\n${junk.join('\n')}\nt 2 7\n`);
  assert.deepEqual(journal.open(), { lastPart: 2, open: [{ part: 2, atNs: 7 }] });
});

test('file journal: stays small however long it runs, and knows what is open', (t) => {
  const { path, journal } = journalIn(t, null);
  journal.open();
  let largestBytes = 0;
  for (let part = 1; part <= 10_000; part++) {
    journal.triggered(part, part * 1e6);
    if (part % 100 !== 0) journal.acknowledged(part);
    largestBytes = Math.max(largestBytes, statSync(path).size);
  }
  assert.ok(largestBytes < 60_000, `${largestBytes} bytes`);
  journal.close();
  const next = new FileJournal({ path, bootId: 'boot' });
  const { lastPart, open } = next.open();
  next.close();
  assert.deepEqual([lastPart, open.length, open[3]], [10_000, 100, { part: 400, atNs: 4e8 }]);
  assert.deepEqual(readdirSync(join(path, '..')), ['line.journal']);
});

test('file journal: a fault is told once, and what it missed is written when it is over', (t) => {
  const faults: string[] = [];
  const { path, journal } = journalIn(t, null, faults);
  journal.open();
  for (let part = 1; part <= 1990; part++) journal.triggered(part, part);
  for (let part = 1; part <= 1985; part++) journal.acknowledged(part);
  // The file cannot be written anew while a folder stands where its successor would.
  mkdirSync(`${path}.new`);
  for (let part = 1991; part <= 2100; part++) journal.triggered(part, part);
  assert.equal(faults.length, 1);
  assertSentence(faults[0] ?? '');
  rmSync(`${path}.new`, { recursive: true });
  journal.acknowledged(1986);
  assert.match(readFileSync(path, 'utf8'), /^boot boot\nlast 2100\nt 1987 1987\n[^a]*t 2100 2100\n$/);
});

test('file journal: a folder that is not there is one plain sentence', (t) => {
  const { path } = journalIn(t, null);
  const journal = new FileJournal({ path: join(path, 'nowhere', 'j'), bootId: 'boot' });
  assert.throws(
    () => journal.open(),
    (error: Error & { code?: string }) => {
      assertSentence(error.message);
      return error.code === 'state-folder';
    },
  );
  assert.throws(() => journal.triggered(1, 1), { code: 'illegal-input' });
});
