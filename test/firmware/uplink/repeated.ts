import { randomOf } from '../../../agent/core/render/prng.ts';
import { atLeast, equals } from '../../faults/check.ts';
import { Mosquitto } from '../../support/mosquitto.ts';
import { auditFirmware, quarantinedAt } from './audit.ts';
import { type FirmwareScenario, firmwarePlant, runFirmware, startReceiver } from './plant.ts';

/** Every batch that the firmware sent, five times more, in any order. */
export const repeated: FirmwareScenario = {
  name: 'batches five times, shuffled',
  run: async (round) => {
    const plant = firmwarePlant(round);
    const broker = await Mosquitto.start(round);
    await startReceiver(round, plant, broker.url);
    const client = await broker.client();
    round.after(() => client.end(true));
    const sent: { topic: string; payload: Buffer }[] = [];
    client.on('message', (topic, payload) => sent.push({ topic, payload }));
    await client.subscribeAsync('edge/v1/+/up/batch', { qos: 1 });
    await runFirmware(round, plant, broker.url, ['--parts', round.short ? '300' : '2000', '--rate', '150']);
    // The client hears what it sends itself, too.
    const real = [...sent];
    const batches = shuffled(Array.from({ length: 5 }, () => real).flat(), round.seed);
    for (const { topic, payload } of batches) await client.publishAsync(topic, payload, { qos: 1 });
    await runFirmware(round, plant, broker.url, ['--parts', '20', '--rate', '100']);
    const largest = Math.max(...real.map(({ payload }) => payload.length));
    const checks = await auditFirmware(round, plant);
    return [
      atLeast('batches sent again', batches.length, 100),
      equals('batches beyond 8 kB', largest > 8192 ? largest : 0, 0),
      equals('in quarantine', quarantinedAt(plant), 0),
      ...checks,
    ];
  },
};

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = randomOf(seed, 9);
  const keyed = list.map((value) => ({ value, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
}
