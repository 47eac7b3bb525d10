import { Mosquitto } from '../../support/mosquitto.ts';
import { auditBoth, drained, eventsAt } from '../audit.ts';
import { atLeast, type Check, equals, type Round, type Scenario } from '../check.ts';
import { type Plant, plantIn, receiverOf, runStation } from '../plant.ts';

/** All faults of the line, with the real ledger, the real classifier process, broker and receiver. */
export const soak: Scenario = {
  name: 'all faults at the line',
  timeoutMs: (short) => (short ? 240_000 : 3_600_000),
  run: async (round) => {
    const parts = round.short ? 4000 : 100_000;
    return (await rehearse(round, plantIn(round), parts, 'all', ['--classifier', 'model'])).checks;
  },
};

/** The wall clock jumps by days and years while parts are recorded. */
export const clockSteps: Scenario = {
  name: 'clock steps',
  timeoutMs: () => 240_000,
  run: async (round) => {
    const plant = plantIn(round);
    const parts = round.short ? 5000 : 50_000;
    const { checks, seen } = await rehearse(round, plant, parts, 'clock-step:0.01', ['--classifier', 'scripted']);
    return [
      atLeast('clock steps recorded', eventsAt(plant, 'clock-step'), parts / 200),
      // No deadline and no frame's age hangs on the wall clock, and no part is sorted otherwise.
      ...['noVerdicts', 'escapes', 'falseRejects'].map((key) => equals(key, Number(seen[key]), 0)),
      ...checks,
    ];
  },
};

interface Rehearsed {
  readonly checks: readonly Check[];
  /** What the station printed. */
  readonly seen: Record<string, unknown>;
}

async function rehearse(
  round: Round,
  plant: Plant,
  parts: number,
  faults: string,
  more: readonly string[],
): Promise<Rehearsed> {
  const broker = await Mosquitto.start(round);
  receiverOf(round, plant, broker.url);
  const args = ['--virtual-time', '--parts', `${parts}`, '--faults', faults, '--ledger', 'sqlite', ...more];
  const seen = await runStation(round, plant, broker.url, args);
  await drained(plant, 240_000, () => runStation(round, plant, broker.url, ['--parts', '20', '--speed', '20']));
  const of = (key: string): number => Number(seen[key]);
  const checks = [
    atLeast('parts', of('parts'), parts),
    equals('triggers without exactly one record', of('unaccounted'), 0),
    equals('records', of('records'), of('triggers')),
    equals('wrong-part ejections', of('wrongPartEjections'), 0),
    equals('fail-safe actions', of('failSafeActions'), of('noVerdicts')),
    ...(await auditBoth(round, plant)),
  ];
  return { checks, seen };
}
