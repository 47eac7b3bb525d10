import { startBroker } from '../central/receiver/broker.ts';
import { dropQuarantined, listQuarantine, type QuarantinedBatch } from '../central/receiver/quarantine.ts';
import { startReceiver } from '../central/receiver/start.ts';
import { type StationReport, verifyStore } from '../central/receiver/verify.ts';
import { onceStopped } from './signals.ts';

/** What `linegate receive` was asked for; exactly one of `mqtt` and `broker` is given. */
export interface ReceiveOptions {
  readonly mqtt: string | undefined;
  readonly broker: number | undefined;
  readonly version: '3.1.1' | '5';
  readonly db: string;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** Receives until Ctrl-C or SIGTERM. What there is to say goes to standard error. */
export async function receive({ mqtt, broker, version, db, ca, cert, key }: ReceiveOptions): Promise<void> {
  const stopped = onceStopped();
  const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
  const own = mqtt === undefined ? await startBroker(broker ?? 0) : undefined;
  try {
    const url = mqtt ?? own?.url ?? '';
    const tls = { ca, cert, key };
    const receiver = startReceiver({ url, version, file: db, tls, note: ({ sentence }) => say(sentence) });
    if (own !== undefined) say(`A broker runs at ${own.url}, for this computer alone.`);
    await stopped.signal;
    await receiver.stop();
    const { batches, conflicts, unreadable } = receiver.counters;
    say(`Stopped: ${batches} batches taken, ${conflicts} in conflict, ${unreadable} messages unreadable.`);
  } finally {
    stopped.forget();
    await own?.stop();
  }
}

/** Audits a receiver's database and says what it found; exit status 1 when something is wrong. */
export function verify(db: string, json: boolean): void {
  const report = verifyStore(db);
  if (!report.ok) process.exitCode = 1;
  if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else process.stdout.write(report.stations.map(lineOf).join('') || 'No station has sent a record.\n');
}

/** Lists the batches that did not fit what is stored. */
export function quarantine(db: string, json: boolean): void {
  const batches = listQuarantine(db);
  if (json) process.stdout.write(`${JSON.stringify(batches, null, 2)}\n`);
  else process.stdout.write(batches.map(batchLine).join('') || 'Nothing is in quarantine.\n');
}

/** Drops a batch from quarantine. */
export function dropBatch(db: string, id: number, reason: string): void {
  dropQuarantined(db, id, reason, Date.now());
  process.stdout.write(`Batch ${id} is dropped: its rows are not stored, and the audit says how many batches were.\n`);
}

function batchLine({ id, station, epoch, first, last, wallMs, detail, dropped }: QuarantinedBatch): string {
  const came = `Batch ${id}, ${new Date(wallMs).toISOString()}: station ${station}, epoch ${epoch}, rows ${first} to ${last}.`;
  const why = dropped === null ? '' : `  Dropped ${new Date(dropped.wallMs).toISOString()}: ${dropped.reason}\n`;
  return `${came}\n  ${detail}\n${why}`;
}

function lineOf({ station, epoch, rows, spans, parts, maxContig, dropped, findings }: StationReport): string {
  const verdict = findings.length === 0 ? 'whole' : 'NOT whole';
  const counts = `${rows} rows, ${spans} spans, ${parts} parts, all up to row ${maxContig}`;
  const byHand = dropped === 0 ? '' : `, ${dropped} ${dropped === 1 ? 'batch' : 'batches'} dropped by hand`;
  const found = findings.map((finding) => `  ${finding}\n`).join('');
  return `Station ${station}, epoch ${epoch}: ${verdict}, ${counts}${byHand}.\n${found}`;
}
