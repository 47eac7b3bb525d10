import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScriptedClassifier } from '../adapters/classifier/scripted.ts';
import { VirtualClock } from '../adapters/clock/virtual.ts';
import { MemoryLedger, MemoryLedgerFile } from '../adapters/ledger/memory.ts';
import { NoPictures } from '../adapters/pictures/none.ts';
import { flatRecipe, flatScores } from '../adapters/simulator/flat-parts.ts';
import { LinegateError } from '../core/errors.ts';
import { Preprocessor } from '../core/preprocess/preprocess.ts';
import type { LineEvent } from '../ports/line.ts';
import type { Observation } from './observation.ts';
import { type MortalLedger, type OutlivingLine, RestartableStation } from './restart.ts';
import { Station } from './station.ts';

/** A line that is told what to do by a test, and keeps every listener that it ever had. */
class PuppetLine implements OutlivingLine {
  readonly calls: string[] = [];
  readonly listeners: ((event: LineEvent) => void)[] = [];

  async start(firstPart: number, listener: (event: LineEvent) => void): Promise<void> {
    this.calls.push(`start ${firstPart}`);
    this.listeners.push(listener);
  }

  detach(): void {
    this.calls.push('detach');
  }

  resolve(part: number): void {
    this.calls.push(`resolve ${part}`);
  }

  acknowledge(part: number): void {
    this.calls.push(`acknowledge ${part}`);
  }

  resume(): boolean {
    this.calls.push('resume');
    return true;
  }

  async stop(): Promise<void> {
    this.calls.push('stop');
  }

  /** A part goes by; what the given life is told of it. */
  pass(part: number, life = this.listeners.length - 1): void {
    const tell = this.listeners[life];
    const [atNs, scheduledNs] = [part * 1e6, part * 1e6 + 2e6];
    const settled = {
      verdict: 'none',
      action: 'eject',
      cause: 'stopped',
      tooClose: false,
      confirmation: 'none',
    } as const;
    tell?.({ kind: 'trigger', part, atNs, deadlineNs: atNs + 1e6 });
    tell?.({ kind: 'closed', part, atNs: scheduledNs, scheduledNs, lateNs: 0, ...settled });
  }
}

function bench(change: (ledger: MortalLedger, life: number) => MortalLedger = (ledger) => ledger) {
  const clock = new VirtualClock();
  const file = new MemoryLedgerFile();
  const line = new PuppetLine();
  const observations: Observation[] = [];
  let lives = 0;
  const restartable = new RestartableStation({
    line,
    observe: (observation) => observations.push(observation),
    make: (lines) => {
      lives += 1;
      const ledger = change(new MemoryLedger({ clock, bootId: 'boot' }, file), lives);
      const classifier = new ScriptedClassifier({ clock, latencyMs: 5, answer: flatScores, maxPending: 8 });
      const camera = { start: async () => {}, stop: async () => {}, capture: async () => noFrame };
      const toTensor = Preprocessor.create(flatRecipe.preprocess);
      const judged = {
        toTensor,
        recipe: flatRecipe,
        recipeId: 'flat@1',
        keepPictures: 'none',
        maxInspections: 8,
      } as const;
      const station = new Station({
        ...lines,
        ...judged,
        camera,
        classifier,
        ledger,
        clock,
        pictures: new NoPictures(),
      });
      return { station, ledger };
    },
  });
  const settle = async <T>(work: Promise<T>): Promise<T> => {
    work.catch(() => undefined);
    await clock.run();
    return work;
  };
  return { clock, file, line, observations, restartable, settle, lives: () => lives };
}

const noFrame = { kind: 'no-frame', reason: 'There is no camera.' } as const;

function recordedParts(observations: readonly Observation[]): number[] {
  return observations.flatMap((one) => (one.kind === 'recorded' ? [one.record.part] : []));
}

test('restart: starts one life however often it is asked, and stops it in order', async () => {
  const { line, file, restartable, settle, lives } = bench();
  await settle(Promise.all([restartable.start(), restartable.start()]));
  await settle(restartable.start());
  assert.deepEqual([lives(), restartable.isUp, line.calls], [1, true, ['start 1']]);
  await settle(restartable.stop());
  assert.deepEqual(line.calls, ['start 1', 'stop']);
  assert.deepEqual([file.rows.at(-1)?.outcome, file.verify().findings], ['stopped', []]);
});

test('restart: a dead life hears nothing and says nothing, nor does it acknowledge what it still wrote; the next one goes on', async () => {
  const { line, file, observations, restartable, settle, lives } = bench();
  await settle(restartable.start());
  line.pass(1);
  assert.equal(restartable.kill(), true);
  assert.deepEqual([restartable.isUp, restartable.kill()], [false, false]);
  const [toldBefore, doneBefore] = [observations.length, [...line.calls]];
  assert.equal(doneBefore.at(-1), 'detach');
  line.pass(2, 0);
  await settle(Promise.resolve());
  assert.deepEqual([observations.length, line.calls], [toldBefore, doneBefore]);
  await settle(restartable.start());
  line.pass(2, 0);
  line.pass(3);
  await settle(restartable.stop());
  assert.deepEqual([lives(), recordedParts(observations)], [2, [3]]);
  assert.deepEqual(
    line.calls.filter((call) => call.startsWith('acknowledge')),
    ['acknowledge 3'],
  );
  // What the first life had begun to write was durable; part 2 was told to nobody who lives.
  assert.deepEqual(
    file.rows.flatMap(({ part }) => part ?? []),
    [1, 3],
  );
});

test('restart: to stop a dead station it is started once more, so that every part gets its record', async () => {
  const { line, file, restartable, settle, lives } = bench();
  await settle(restartable.start());
  assert.equal(restartable.kill(), true);
  await settle(restartable.stop());
  assert.deepEqual([lives(), line.calls], [2, ['start 1', 'detach', 'start 1', 'stop']]);
  assert.deepEqual(
    file.rows.map(({ outcome }) => outcome),
    ['started', 'restarted', 'stopped'],
  );
});

test('restart: a ledger that does not open is told, and the next start tries again', async () => {
  const broken = (ledger: MortalLedger, life: number): MortalLedger => {
    if (life > 1) return ledger;
    const open = () => Promise.reject(new LinegateError('ledger', 'The disk is gone.'));
    const { append, close, abandon } = ledger;
    return { open, append, close, abandon };
  };
  const { line, restartable, settle, lives } = bench(broken);
  await assert.rejects(settle(restartable.start()), { message: 'The disk is gone.' });
  assert.deepEqual([restartable.isUp, restartable.kill(), line.calls], [false, false, []]);
  await settle(restartable.start());
  assert.deepEqual([restartable.isUp, lives()], [true, 2]);
});

test('restart: cannot be killed before the ledger is open, and can from the moment that the line is told', async () => {
  const { line, restartable, settle } = bench();
  const starting = restartable.start();
  assert.equal(restartable.kill(), false);
  await settle(starting);
  line.pass(1);
  assert.equal(restartable.kill(), true);
});
