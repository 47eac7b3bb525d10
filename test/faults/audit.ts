import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ledgerFile } from '../../agent/main.ts';
import { ask } from './ask.ts';
import { atMost, type Check, equals, type Round } from './check.ts';
import { documentOf, type Plant, until } from './plant.ts';

/** Rows that a station writes when it ends, after it has said goodbye to the broker: its last gap and `stopped`. */
const lastWords = 2;

function ledgerOf(plant: Plant): string {
  return path.join(plant.state, ledgerFile);
}

/** How many rows of the ledger the station does not know to be durable at the receiver. */
function backlog(plant: Plant): number {
  const end = ask(ledgerOf(plant), (db) => db.prepare<[], { seq: number; acked: number }>('SELECT * FROM meta').get());
  return end === undefined ? Number.POSITIVE_INFINITY : end.seq - end.acked;
}

/** Rows up to this one the station knows to be durable at the receiver. */
export function ackedAt(plant: Plant): number {
  return ask(ledgerOf(plant), (db) => db.prepare<[], number>('SELECT acked FROM meta').pluck().get() ?? 0);
}

/** Seq of the ledger's newest row. */
export function rowsAt(plant: Plant): number {
  return ask(ledgerOf(plant), (db) => db.prepare<[], number>('SELECT seq FROM meta').pluck().get() ?? 0);
}

/** The same, 0 for a ledger that is not there yet. */
export function recordedAt(plant: Plant): number {
  try {
    return rowsAt(plant);
  } catch {
    return 0;
  }
}

/** How many events of a name the ledger has. */
export function eventsAt(plant: Plant, name: string): number {
  const count = "SELECT count(*) FROM rows WHERE kind = 'event' AND outcome = ?";
  return ask(ledgerOf(plant), (db) => db.prepare<[string], number>(count).pluck().get(name) ?? 0);
}

/** Waits until the receiver has all but a station's last words; `push` runs one more station, where none runs. */
export async function drained(plant: Plant, timeoutMs: number, push?: () => Promise<unknown>): Promise<void> {
  const isDrained = (): boolean => backlog(plant) <= lastWords;
  const giveUpMs = performance.now() + timeoutMs;
  while (push !== undefined && !isDrained() && performance.now() < giveUpMs) await push();
  await until(isDrained, 'that the receiver has everything', Math.max(100, giveUpMs - performance.now()));
}

/** Stops the receivers and counts what they stored. */
export async function itemsAt(plant: Plant): Promise<{ readonly items: number; readonly quarantined: number }> {
  await stopReceivers(plant);
  return ask(plant.db, (db) => ({
    items: Number(db.prepare('SELECT count(*) FROM items').pluck().get()),
    quarantined: Number(db.prepare('SELECT count(*) FROM quarantine').pluck().get()),
  }));
}

/** Stops the receivers and tells which outcomes they know of rows that their station gave up. */
export async function givenUpAt(plant: Plant): Promise<readonly string[]> {
  await stopReceivers(plant);
  return ask(plant.db, (db) => {
    const counts = db.prepare<[], string>("SELECT payload FROM items WHERE kind = 'folded'").pluck().all();
    return [...new Set(counts.flatMap((text) => Object.keys(JSON.parse(text) as Record<string, number>)))].sort();
  });
}

/** Stops the receivers and counts the epochs that they know. */
export async function epochsAt(plant: Plant): Promise<number> {
  await stopReceivers(plant);
  return ask(plant.db, (db) => Number(db.prepare('SELECT count(*) FROM epochs').pluck().get()));
}

async function stopReceivers(plant: Plant): Promise<void> {
  for (const receiver of plant.receivers.splice(0)) {
    receiver.kill('SIGTERM');
    await receiver.ended;
  }
}

/** Audits both ends: each whole by its own rules, and every row of the station exactly once at the receiver. */
export async function auditBoth(round: Round, plant: Plant): Promise<Check[]> {
  const left = backlog(plant);
  await stopReceivers(plant);
  const station = await documentOf(round, ['ledger', 'verify', '--state', plant.state, '--json']);
  const receiver = await documentOf(round, ['receive', '--db', plant.db, '--verify', '--json']);
  const { missing, doubled, rows } = compare(plant);
  round.say(`  ${rows} rows at the station`);
  return [
    atMost('rows that the receiver lacks at the end', left, lastWords),
    equals('times that acknowledged rows were not there', rewindsOf(plant), 0),
    equals('station ledger', wholeness(station), 'whole'),
    equals('parts that a gap stands for', Number(station['gaps']), 0),
    equals('receiver', wholeness(receiver), 'whole'),
    equals('rows missing at the receiver', missing, 0),
    equals('rows twice at the receiver', doubled, 0),
  ];
}

/** How often the receiver lacked what it had told to be durable: the stations send it again, and log it. */
function rewindsOf(plant: Plant): number {
  const log = path.join(plant.state, 'agent.log');
  return existsSync(log) ? readFileSync(log, 'utf8').split('"state":"rewound"').length - 1 : 0;
}

function wholeness(report: Record<string, unknown>): string {
  return report['ok'] === true ? 'whole' : JSON.stringify(report).slice(0, 2000);
}

/** A row is known by its seq and its hash, which holds all that came before it, whatever the epoch it went up under. */
function compare(plant: Plant): { missing: number; doubled: number; rows: number } {
  return ask(plant.db, (db) => {
    db.prepare('ATTACH ? AS station').run(ledgerOf(plant));
    const count = (condition: string): number =>
      Number(
        db
          .prepare(
            `SELECT count(*) FROM station.rows AS r WHERE r.seq <= (SELECT acked FROM station.meta) AND (
             SELECT count(*) FROM epochs AS e CROSS JOIN items AS i
             WHERE i.epoch_id = e.id AND i.seq = r.seq AND i.hash = r.hash) ${condition}`,
          )
          .pluck()
          .get(),
      );
    const rows = Number(db.prepare('SELECT count(*) FROM station.rows').pluck().get());
    return { missing: count('= 0'), doubled: count('> 1'), rows };
  });
}
