import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interruptedPart } from '../../core/part-record.ts';
import { Reconciler } from '../../core/reconcile/reconcile.ts';
import { randomOf } from '../../core/render/prng.ts';
import type { ClosedByLine, LineEvent } from '../../ports/line.ts';
import { VirtualClock } from '../clock/virtual.ts';
import { MemoryJournal } from '../journal/memory.ts';
import { Belt, type PartSource } from './belt.ts';
import { conveyorAt, gateSensorWindow } from './conveyor.ts';
import { FaultDice, type FaultRates } from './faults/plan.ts';
import { Judge } from './judge.ts';
import { SimulatedLine } from './line.ts';

const source: PartSource = {
  start: async () => {},
  part: (index) => ({ index, label: index % 5 === 0 ? 'bad' : 'good', defective: index % 5 === 0 }),
  prepare: () => {},
  picture: () => Promise.reject(new Error('nobody looks')),
  discard: () => {},
  stop: async () => {},
};

/** As little of a station as makes records, one life after another. */
class Plant {
  readonly clock = new VirtualClock();
  readonly judge = new Judge();
  readonly belt = new Belt();
  readonly line: SimulatedLine;
  readonly told: LineEvent[] = [];
  readonly #conveyor = conveyorAt(20);
  readonly #slow: () => boolean;

  constructor(parts: number, seed: number, rates: FaultRates) {
    const { clock, judge, belt } = this;
    const slow = randomOf(seed, 7);
    this.#slow = () => slow() < 0.02;
    const dice = new FaultDice(seed, rates);
    const journal = new MemoryJournal('boot');
    this.line = new SimulatedLine({
      ...{ clock, judge, belt, source, journal, seed, parts, dice },
      conveyor: this.#conveyor,
    });
  }

  async live(firstPart = 1): Promise<void> {
    const reconciler = new Reconciler(gateSensorWindow(this.#conveyor), this.clock.nowNs());
    const triggers = new Map<number, number>();
    await this.line.start(firstPart, (event) => {
      this.told.push(event);
      for (const finding of reconciler.take(event)) this.judge.noticed(finding);
      if (event.kind === 'trigger') {
        triggers.set(event.part, event.atNs);
        if (!this.#slow()) this.#decide(event.part);
      }
      if (event.kind === 'closed') this.#record(event.part, triggers.get(event.part) ?? Number.NaN, event);
      if (event.kind === 'interrupted') this.#record(event.part, event.atNs, event.closed);
    });
  }

  #decide(part: number): void {
    const index = this.belt.indexOf(part);
    if (index === undefined) return;
    this.clock.at(this.clock.nowNs() + 5e6, () =>
      this.line.resolve(part, source.part(index).defective ? 'reject' : 'pass'),
    );
  }

  #record(part: number, triggerNs: number, closed: ClosedByLine | undefined): void {
    assert.ok(closed !== undefined);
    const trigger = { part, triggerNs, triggerWallMs: 0, deadlineNs: triggerNs };
    this.judge.recorded(interruptedPart(trigger, closed, closed.atNs));
    this.line.acknowledge(part);
  }

  async toTheEnd(): Promise<void> {
    let finished = false;
    void this.line.finished.then(() => {
      finished = true;
    });
    await this.clock.run(() => finished);
    await this.line.stop();
  }
}

const sensors = { 'trigger-missed': 0.02, 'trigger-double': 0.02, 'parts-touching': 0.02, 'confirmation-lost': 0.05 };

function assertAccounted(plant: Plant, parts: number): void {
  const sum = plant.judge.summary();
  const { triggers, records, unaccounted, wrongPartEjections, failSafeActions, noVerdicts } = sum;
  assert.deepEqual(
    { records, unaccounted, wrongPartEjections, failSafeActions },
    { records: triggers, unaccounted: 0, wrongPartEjections: 0, failSafeActions: noVerdicts },
  );
  assert.equal(sum.parts, parts);
  assert.equal(triggers, parts - sum.missedTriggers + sum.doubleTriggers);
  assert.equal(sum.unseenPassed + sum.unseenEjected, sum.missedTriggers);
}

async function wholeRun(rates: FaultRates, seed: number, parts = 4000): Promise<Plant> {
  const plant = new Plant(parts, seed, rates);
  await plant.live();
  await plant.toTheEnd();
  assertAccounted(plant, parts);
  return plant;
}

test('line faults: without any, the sensors agree', async () => {
  const { missedTriggers, doubleTriggers, noticedMissed, noticedDouble } = (await wholeRun({}, 3)).judge.summary();
  assert.deepEqual([missedTriggers, doubleTriggers, noticedMissed, noticedDouble], [0, 0, 0, 0]);
});

test('line faults: a part that the photo-eye missed is noticed at the gate', async () => {
  const sum = (await wholeRun({ 'trigger-missed': 0.05 }, 4)).judge.summary();
  assert.ok(sum.missedTriggers > 100, `${sum.missedTriggers}`);
  assert.deepEqual([sum.noticedMissed, sum.noticedDouble], [sum.missedTriggers, 0]);
  assert.ok(sum.unseenPassed > 0.8 * sum.missedTriggers);
});

test('line faults: a trigger of nothing has a record, and is noticed', async () => {
  const sum = (await wholeRun({ 'trigger-double': 0.05 }, 5)).judge.summary();
  assert.ok(sum.doubleTriggers > 100, `${sum.doubleTriggers}`);
  assert.deepEqual([sum.noticedMissed, sum.noticedDouble], [0, sum.doubleTriggers]);
});

test('line faults: of touching parts the second is noticed where a gap has opened', async () => {
  const plant = await wholeRun({ 'parts-touching': 0.05 }, 6);
  const sum = plant.judge.summary();
  assert.ok(sum.missedTriggers > 100);
  assert.ok(sum.noticedMissed > 0.3 * sum.missedTriggers && sum.noticedMissed < 0.7 * sum.missedTriggers);
  assert.ok(sum.unseenEjected > 0, 'some went with a bad part before them');
  assert.equal(sum.noticedDouble, 0);
  assert.equal(plant.told.filter(({ kind }) => kind === 'trigger-ignored').length, sum.missedTriggers);
});

test('line faults: lost confirmations are unconfirmed ejections, single or many', async () => {
  const { told } = await wholeRun({ 'confirmation-lost': 0.02 }, 7);
  const ejected = told.filter((event) => event.kind === 'closed' && event.action === 'eject');
  const lost = ejected.filter((event) => event.kind === 'closed' && event.confirmation === 'unconfirmed').length;
  assert.ok(lost > 10 && lost < ejected.length / 2, `${lost} of ${ejected.length}`);
});

/** Everything at once, with the agent killed again and again. */
async function killedRun(seed: number): Promise<Plant> {
  const plant = new Plant(3000, seed, sensors);
  await plant.live();
  for (let kill = 1; kill <= 30; kill += 1) {
    const diesNs = plant.clock.nowNs() + 2e9 + kill * 37e6;
    plant.clock.at(diesNs, () => plant.line.detach());
    const backNs = diesNs + (kill % 6) * 150e6;
    let back = false;
    plant.clock.at(backNs, () => void plant.live(kill % 2 === 0 ? 1 : 5).then(() => (back = true)));
    await plant.clock.run(() => back);
  }
  await plant.toTheEnd();
  assertAccounted(plant, 3000);
  return plant;
}

test('line faults: an agent that dies while parts are on the belt hears of each of them once, when it is back', async () => {
  const { told } = await killedRun(8);
  const interrupted = told.filter((event) => event.kind === 'interrupted');
  assert.ok(interrupted.length > 200, `${interrupted.length}`);
  assert.equal(new Set(interrupted.map(({ part }) => part)).size, interrupted.length);
  const closed = told.flatMap((event) => (event.kind === 'closed' ? [event.part] : []));
  const all = [...closed, ...interrupted.map(({ part }) => part)].sort((a, b) => a - b);
  assert.deepEqual(
    all,
    all.map((_, index) => index + 1),
  );
  for (const { closed: how } of interrupted) assert.ok(how?.action === 'eject' || how?.verdict === 'pass');
});

test('line faults: the same seed gives the same line', async () => {
  const [one, two, other] = [await killedRun(9), await killedRun(9), await killedRun(10)];
  assert.deepEqual(one.told, two.told);
  assert.notDeepEqual(one.judge.summary(), other.judge.summary());
});

test('line faults: what an agent had recorded before it died is not told again, what it had not is', async () => {
  const plant = new Plant(20, 1, {});
  const heard: LineEvent[] = [];
  await plant.line.start(1, (event) => {
    heard.push(event);
    if (event.kind === 'closed' && event.part === 1) plant.line.acknowledge(1);
  });
  await plant.clock.run(() => heard.some((event) => event.kind === 'closed' && event.part === 2));
  plant.line.detach();
  plant.line.acknowledge(2);
  await plant.live(3);
  assert.deepEqual(
    plant.told.map((event) => event.kind === 'interrupted' && event.part),
    [2],
  );
  await assert.rejects(
    plant.line.start(3, () => {}),
    { code: 'illegal-input' },
  );
  plant.line.detach();
  await assert.rejects(
    plant.line.start(900, () => {}),
    { code: 'illegal-input' },
  );
});
