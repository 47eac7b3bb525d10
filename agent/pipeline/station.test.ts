import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runWhole, virtualStation } from '../../test/support/virtual-station.ts';
import { MemoryJournal } from '../adapters/journal/memory.ts';
import { MemoryLedgerFile } from '../adapters/ledger/memory.ts';
import { flatScores } from '../adapters/simulator/flat-parts.ts';

test('station: every part has one record, the right ones are ejected, nothing is left to the fail-safe', async () => {
  const whole = virtualStation({ parts: 500 });
  await runWhole(whole);
  const { triggers, records, unaccounted, wrongPartEjections, missedEjections, noVerdicts, escapes, falseRejects } =
    whole.judge.summary();
  assert.deepEqual(
    { triggers, records, unaccounted, wrongPartEjections, missedEjections, noVerdicts, escapes, falseRejects },
    {
      triggers: 500,
      records: 500,
      unaccounted: 0,
      wrongPartEjections: 0,
      missedEjections: 0,
      noVerdicts: 0,
      escapes: 0,
      falseRejects: 0,
    },
  );
  assert.ok(whole.judge.summary().outcomes.reject > 100);
  assert.equal(whole.station.openParts, 0);
});

test('station: the pictures of rejects are kept, under their part', async () => {
  const whole = virtualStation({ parts: 100 });
  await runWhole(whole);
  assert.equal(whole.pictures.kept.size, whole.judge.summary().outcomes.reject);
  for (const name of whole.pictures.kept.keys()) assert.match(name, /^reject\/\d+\.png$/);
});

test('station: the same seed gives the same line, to the last figure', async () => {
  const runs = [virtualStation({ parts: 300, seed: 9 }), virtualStation({ parts: 300, seed: 9 })];
  for (const run of runs) await runWhole(run);
  assert.deepEqual(runs[0]?.judge.summary(), runs[1]?.judge.summary());
  const other = virtualStation({ parts: 300, seed: 10 });
  await runWhole(other);
  assert.notDeepEqual(runs[0]?.judge.summary(), other.judge.summary());
});

test('station: without a classifier every part is ejected by the fail-safe and says why', async () => {
  const whole = virtualStation({ parts: 200 });
  whole.classifier.start = async () => {};
  await runWhole(whole);
  const { noVerdicts, failSafeActions, escapes, unaccounted, reasons, labels } = whole.judge.summary();
  assert.deepEqual(
    { noVerdicts, failSafeActions, escapes, unaccounted },
    {
      noVerdicts: 200,
      failSafeActions: 200,
      escapes: 0,
      unaccounted: 0,
    },
  );
  assert.deepEqual(reasons, { 'classifier-down': 200 });
  assert.equal(labels['good']?.ejected, labels['good']?.parts);
});

test('station: a classifier that is slower than the gate is late, and its verdicts move nothing', async () => {
  const whole = virtualStation({ parts: 100, partsPerSecond: 1, latencyMs: 450 });
  await runWhole(whole);
  const { noVerdicts, failSafeActions, wrongPartEjections, escapes, reasons } = whole.judge.summary();
  assert.deepEqual(
    { noVerdicts, failSafeActions, wrongPartEjections, escapes },
    {
      noVerdicts: 100,
      failSafeActions: 100,
      wrongPartEjections: 0,
      escapes: 0,
    },
  );
  assert.deepEqual(reasons, { late: 100 });
});

test('station: more parts than can be inspected at once overflow into the fail-safe, and are counted', async () => {
  const whole = virtualStation({ parts: 300, partsPerSecond: 20, latencyMs: 120, maxInspections: 2 });
  await runWhole(whole);
  const { noVerdicts, failSafeActions, unaccounted, wrongPartEjections, reasons } = whole.judge.summary();
  assert.ok((reasons['overflow'] ?? 0) > 50, JSON.stringify(reasons));
  assert.deepEqual(
    { unaccounted, wrongPartEjections, failSafeActions },
    {
      unaccounted: 0,
      wrongPartEjections: 0,
      failSafeActions: noVerdicts,
    },
  );
});

test('station: scores that make no sense are no verdict', async () => {
  const whole = virtualStation({ parts: 50, answer: () => [Number.NaN, 2] });
  await runWhole(whole);
  assert.deepEqual(whole.judge.summary().reasons, { 'bad-answer': 50 });
});

test('station: a classifier that dies and comes back costs only the parts meanwhile', async () => {
  const whole = virtualStation({ parts: 300 });
  const { clock, classifier, judge } = whole;
  clock.at(5e9, () => classifier.fail('killed'));
  clock.at(6e9, () => void classifier.start());
  await runWhole(whole);
  const { noVerdicts, failSafeActions, unaccounted, escapes, reasons } = judge.summary();
  assert.ok(noVerdicts >= 5 && noVerdicts <= 20, `${noVerdicts}`);
  assert.deepEqual(
    { failSafeActions, unaccounted, escapes },
    { failSafeActions: noVerdicts, unaccounted: 0, escapes: 0 },
  );
  assert.deepEqual(reasons, { 'classifier-down': noVerdicts });
});

test('station: a part that the process before this one had recorded is not told again as interrupted', async () => {
  const whole = virtualStation({ parts: 20 });
  await runWhole(whole);
  const told = whole.observations.filter(({ kind }) => kind === 'recorded').length;
  assert.equal(told, 20);
  // What a death between commit and acknowledgement leaves: the row is there, and the journal still holds the part.
  const journal = new MemoryJournal('boot');
  journal.triggered(20, 1e9);
  journal.triggered(21, 2e9);
  const next = virtualStation({ parts: 1, journal, ledgerFile: whole.ledger.file });
  await runWhole(next);
  const recorded = next.observations.filter((observation) => observation.kind === 'recorded');
  assert.deepEqual(
    recorded.map(({ record }) => record.part),
    [21, 22],
  );
  assert.deepEqual(journal.open().open, []);
});

test('station: stopped in the middle, it closes what is open and stops twice without harm', async () => {
  const whole = virtualStation({ parts: 1000 });
  const { clock, judge, ledger, station, classifier } = whole;
  const opening = await ledger.open();
  await classifier.start();
  await station.start(opening);
  await clock.run(() => clock.nowNs() > 3e9);
  const stopping = station.stop();
  await clock.run();
  await stopping;
  await station.stop();
  const { triggers, records, unaccounted } = judge.summary();
  assert.ok(triggers > 10);
  assert.deepEqual({ records, unaccounted }, { records: triggers, unaccounted: 0 });
  assert.equal(station.openParts, 0);
});

test('station: a judge that sees a wrong gate says so', async () => {
  const whole = virtualStation({
    parts: 200,
    answer: (tensor) => (tensor[0] === 40 ? [0.9, 0.1] : flatScores(tensor)),
  });
  await runWhole(whole);
  const { escapes, labels } = whole.judge.summary();
  assert.equal(escapes, labels['bad']?.parts);
  assert.ok(escapes > 20);
});

test('station: a line that somebody resumes has a row that says why, and what came of it is a sentence', async () => {
  const ledgerFile = new MemoryLedgerFile();
  const whole = virtualStation({ parts: 50, ledgerFile });
  const { clock, station } = whole;
  await assert.rejects(station.resume({ beltEmpty: true, why: null }), { code: 'device' });
  let told = '';
  clock.at(2e9, () => {
    void station.resume({ beltEmpty: true, why: 'a part was jammed' }).then((sentence) => {
      told = sentence;
    });
  });
  await runWhole(whole);
  assert.match(
    told,
    /^The line is resumed, but \d parts? (is|are) still under way: the belt was not taken for empty\.$/,
  );
  const rows = ledgerFile.rows.filter(({ outcome }) => outcome === 'line-resumed');
  assert.deepEqual(
    rows.map(({ kind, payload }) => [kind, payload]),
    [['event', JSON.stringify({ beltEmpty: true, why: 'a part was jammed' })]],
  );
});

test('station: a resumed line goes on also when the ledger does not answer, and that is told', async () => {
  const whole = virtualStation({ parts: 30 });
  const { clock, station, ledger } = whole;
  const append = ledger.append.bind(ledger);
  ledger.append = (row) => (row.outcome === 'line-resumed' ? new Promise(() => {}) : append(row));
  let told = '';
  clock.at(2e9, () => {
    void station.resume({ beltEmpty: false, why: null }).then((sentence) => {
      told = sentence;
    });
  });
  await ledger.open().then((opening) => whole.classifier.start().then(() => station.start(opening)));
  await clock.run(() => clock.nowNs() >= 4e9);
  assert.equal(told, 'The line is resumed. It is not recorded yet: the ledger does not answer.');
});
