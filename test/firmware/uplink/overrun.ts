import { connectAsync } from 'mqtt';
import { atLeast, equals, type Round } from '../../faults/check.ts';
import { forgetfulBroker } from '../../faults/forgetful.ts';
import { until } from '../../faults/plant.ts';
import { auditFirmware, foldedAt, type Span, storedRows, wrongSpans } from './audit.ts';
import { type FirmwareScenario, firmwarePlant, runFirmware, startReceiver } from './plant.ts';
import { FirmwareStation } from './station.ts';

/**
 * A broker that forgets, and a flash that is too small for the rows until they get through. What the firmware sends is judged
 * name by name, as the receiver cannot always say so itself.
 */
export const overrun: FirmwareScenario = {
  name: 'broker forgets, full flash',
  run: async (round) => {
    const plant = firmwarePlant(round, 16);
    const { url, remember } = await forgetfulBroker(round, round.seed, 0.3);
    const spans = await spansSent(round, url);
    await startReceiver(round, plant, url);
    const station = new FirmwareStation(round, plant, url, ['--rate', '100']);
    const rows = round.short ? 1000 : 6000;
    await until(() => station.state.last >= rows, `that ${rows} rows are recorded`, 120_000);
    remember();
    await station.stop();
    await runFirmware(round, plant, url, ['--parts', '5']);
    return [
      atLeast('rows stored', storedRows(plant.witness).length, rows),
      atLeast('rows that arrived as counts', foldedAt(plant), 100),
      atLeast('spans sent', spans.length, 1),
      equals('spans sent that count their rows wrong', wrongSpans(spans, plant), 0),
      ...(await auditFirmware(round, plant, { inPlaces: true })),
    ];
  },
};

/** Fills with the spans of the batches that come by. */
async function spansSent(round: Round, url: string): Promise<readonly Span[]> {
  const client = await connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5000 });
  round.after(() => client.end(true));
  const spans: Span[] = [];
  client.on('message', (_, payload) => {
    const { rows }: { rows: { seq: number; to?: number; counts: Span['counts'] }[] } = JSON.parse(payload.toString());
    for (const { seq, to, counts } of rows) if (to !== undefined) spans.push({ seq, last: to, counts });
  });
  await client.subscribeAsync('edge/v1/+/up/batch', { qos: 1 });
  return spans;
}
