import { randomOf } from '../../../agent/core/render/prng.ts';
import { batchText, readBatch } from '../../../agent/core/sync/batch.ts';
import { pack, unpack } from '../../../agent/core/sync/wire.ts';
import { zlibCodec } from '../../../agent/pipeline/sync-codec.ts';
import { Mosquitto } from '../../support/mosquitto.ts';
import { auditBoth, drained, itemsAt } from '../audit.ts';
import { atLeast, equals, type Scenario } from '../check.ts';
import { plantIn, receiverOf, runStation } from '../plant.ts';

/** Every batch that a station sent, ten times more, in any order, and after each a forged one. */
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
    // The client hears what it sends itself, too.
    const real = [...sent];
    const batches = shuffled(Array.from({ length: 10 }, () => real).flat(), round.seed);
    for (const { topic, payload } of batches) await client.publishAsync(topic, payload, { qos: 1 });
    // The answer to a last hello comes after all of them.
    const topic = batches[0]?.topic.replace('/up/batch', '/down/ack') ?? '';
    await client.subscribeAsync(topic, { qos: 1 });
    const answered = new Promise<void>((resolve) => client.once('message', () => resolve()));
    for (const { topic, payload } of real) await client.publishAsync(topic, forged(payload), { qos: 1 });
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

/** What would follow a batch if its last row came once more with another payload: whole by its SHA-256, not by its chain. */
function forged(payload: Buffer): Buffer {
  const reading = readBatch(unpack(payload, 'batch', zlibCodec));
  const item = reading.kind === 'batch' ? reading.batch.rows.at(-1) : undefined;
  if (reading.kind !== 'batch' || item === undefined || 'to' in item) throw new Error('the station sent other batches');
  const next = { ...item, seq: item.seq + 1, outcome: 'forged', hash: 'f'.repeat(64) };
  return Buffer.from(pack(batchText(reading.batch.epoch, item.hash, [next]), zlibCodec));
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = randomOf(seed, 9);
  const keyed = list.map((value) => ({ value, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
}
