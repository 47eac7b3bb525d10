import { randomOf } from '../../../agent/core/render/prng.ts';
import { Mosquitto } from '../../support/mosquitto.ts';
import { auditBoth, drained, itemsAt } from '../audit.ts';
import { atLeast, equals, type Scenario } from '../check.ts';
import { plantIn, receiverOf, runStation } from '../plant.ts';

/** Every batch that a station sent, ten times more, in any order. */
export const repeated: Scenario = {
  name: 'batches ten times, shuffled',
  timeoutMs: () => 180_000,
  run: async (round) => {
    const plant = plantIn(round);
    const broker = await Mosquitto.start(round);
    receiverOf(round, plant, broker.url);
    const client = await broker.client();
    round.after(() => client.end(true));
    const sent: { topic: string; payload: Buffer }[] = [];
    client.on('message', (topic, payload) => sent.push({ topic, payload }));
    await client.subscribeAsync('edge/v1/+/up/batch', { qos: 1 });
    await runStation(round, plant, broker.url, ['--parts', round.short ? '300' : '3000', '--speed', '50']);
    await drained(plant, 60_000, () => runStation(round, plant, broker.url, ['--parts', '20', '--speed', '20']));
    const batches = shuffled(Array.from({ length: 10 }, () => [...sent]).flat(), round.seed);
    for (const { topic, payload } of batches) await client.publishAsync(topic, payload, { qos: 1 });
    // The answer to a last hello comes after all of them.
    const topic = batches[0]?.topic.replace('/up/batch', '/down/ack') ?? '';
    await client.subscribeAsync(topic, { qos: 1 });
    const answered = new Promise<void>((resolve) => client.once('message', () => resolve()));
    const last = batches.at(-1);
    if (last !== undefined) await client.publishAsync(last.topic, last.payload, { qos: 1 });
    await answered;
    await runStation(round, plant, broker.url, ['--parts', '20', '--speed', '20']);
    await drained(plant, 60_000);
    return [
      atLeast('batches sent again', batches.length, 100),
      equals('items in quarantine', (await itemsAt(plant)).quarantined, 0),
      ...(await auditBoth(round, plant)),
    ];
  },
};

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = randomOf(seed, 9);
  const keyed = list.map((value) => ({ value, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
}
