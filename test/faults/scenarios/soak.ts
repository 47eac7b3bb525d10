import { Mosquitto } from '../../support/mosquitto.ts';
import { auditBoth, drained } from '../audit.ts';
import { atLeast, type Check, equals, type Round, type Scenario } from '../check.ts';
import { plantIn, receiverOf, runStation } from '../plant.ts';

/** All faults of the line, with the real ledger, the real classifier process, broker and receiver. */
export const soak: Scenario = {
  name: 'all faults at the line',
  timeoutMs: (short) => (short ? 240_000 : 3_600_000),
  run: (round) => rehearse(round, round.short ? 4000 : 100_000, 'all', ['--classifier', 'model']),
};

/** The wall clock jumps by days and years while parts are recorded. */
export const clockSteps: Scenario = {
  name: 'clock steps',
  timeoutMs: () => 240_000,
  run: (round) => rehearse(round, round.short ? 5000 : 50_000, 'clock-step:0.01', ['--classifier', 'scripted']),
};

async function rehearse(round: Round, parts: number, faults: string, more: readonly string[]): Promise<Check[]> {
  const plant = plantIn(round);
  const broker = await Mosquitto.start(round);
  receiverOf(round, plant, broker.url);
  const args = ['--virtual-time', '--parts', `${parts}`, '--faults', faults, '--ledger', 'sqlite', ...more];
  const seen = await runStation(round, plant, broker.url, args);
  await drained(plant, 240_000, () => runStation(round, plant, broker.url, ['--parts', '20', '--speed', '20']));
  const of = (key: string): number => Number(seen[key]);
  return [
    atLeast('parts', of('parts'), parts),
    equals('triggers without exactly one record', of('unaccounted'), 0),
    equals('records', of('records'), of('triggers')),
    equals('wrong-part ejections', of('wrongPartEjections'), 0),
    equals('fail-safe actions', of('failSafeActions'), of('noVerdicts')),
    ...(await auditBoth(round, plant)),
  ];
}
