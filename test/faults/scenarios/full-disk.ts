import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as moment } from 'node:timers/promises';
import { ledgerFile } from '../../../agent/main.ts';
import { Cli } from '../../support/cli.ts';
import { Mosquitto } from '../../support/mosquitto.ts';
import { auditBoth, drained, eventsAt, givenUpAt, rowsAt } from '../audit.ts';
import { atLeast, equals, notRun, type Round, type Scenario } from '../check.ts';
import { type Plant, plantIn, receiverOf, runStation } from '../plant.ts';

const diskMegabytes = 24;
const FREED_MS = 1000;
/** More than the ledger keeps in any case: there are passes to give up, and rejects that no receiver has. */
const partsBefore = 8000;

/** The station's disk fills up from outside while its link is down; then there is room again, and then the link. */
export const fullDisk: Scenario = {
  name: 'full disk and back',
  timeoutMs: () => 240_000,
  run: async (round) => {
    const plant = plantIn(round);
    mkdirSync(plant.state);
    if (!mountSmallDisk(round, plant.state))
      return [notRun('small disk', 'a tmpfs cannot be mounted here: needs root')];
    const broker = await Mosquitto.start(round);
    await broker.kill();
    await workOffline(round, plant, broker.url);
    const station = startStation(round, plant.state, broker.url);
    await station.says(/"event":"started"/);
    await moment(3000);
    const rows = await rowsAt(plant);
    const fillers = await keepFull(plant.state, round.short ? 8000 : 60_000);
    for (const filler of fillers) rmSync(filler, { force: true });
    await moment(3000);
    receiverOf(round, plant, broker.url);
    await broker.up();
    await drained(plant, 60_000);
    const more = (await rowsAt(plant)) - rows;
    station.kill('SIGTERM');
    const ended = await station.ended;
    if (ended.exitCode !== 0) throw new Error(`the station ended with ${ended.exitCode}: ${ended.stderr.slice(-500)}`);
    return [
      atLeast('rows after the disk was full', more, 20),
      atLeast('times that rows had to wait', station.stderr.split('"state":"failing"').length - 1, 1),
      atLeast('times that rows were given up', eventsAt(plant, 'rows-folded'), 1),
      equals('what the receiver knows in counts only', (await givenUpAt(plant)).join(', '), 'pass'),
      ...(await auditBoth(round, plant)),
    ];
  },
};

/** Some thousand parts that no receiver knows of yet. */
async function workOffline(round: Round, plant: Plant, url: string): Promise<void> {
  const light = ['--classifier', 'scripted', '--ledger', 'sqlite'];
  await runStation(round, plant, url, ['--virtual-time', '--parts', `${partsBefore}`, ...light]);
}

function startStation(round: Round, state: string, url: string): Cli {
  const config = path.join(round.folder, 'station.yaml');
  const document = {
    schemaVersion: 1,
    station: 'simulated',
    recipe: 'machined-ring',
    stateFolder: state,
    line: { kind: 'simulator', partsPerSecond: 20, parts: 0, seed: round.seed },
    camera: { kind: 'simulator' },
    pictures: { keep: 'all', maxMegabytes: 8 },
    storage: { ballastMegabytes: 2 },
    uplink: { kind: 'mqtt', url },
  };
  writeFileSync(config, JSON.stringify(document));
  return new Cli(round, ['run', '--config', config], { timeoutMs: 600_000 });
}

function mountSmallDisk(round: Round, folder: string): boolean {
  const options = ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m`, 'tmpfs', folder];
  if (spawnSync('mount', options, { timeout: 10_000 }).status !== 0) return false;
  round.after(() => spawnSync('umount', ['-l', folder], { timeout: 10_000 }));
  return true;
}

/**
 * Somebody else's program takes all that is left, and whatever the station gives up. Only the ballast's room it leaves for a second,
 * as else it might be faster than the rows that are to be given up in it. Resolves with its files.
 */
async function keepFull(folder: string, ms: number): Promise<string[]> {
  const ballast = path.join(folder, `${ledgerFile}.ballast`);
  const fillers: string[] = [];
  let isThere = existsSync(ballast);
  for (const endMs = performance.now() + ms; performance.now() < endMs; await moment(100)) {
    // In this order: room that was counted before the ballast was seen is not the ballast's.
    const { bavail, bsize } = statfsSync(folder);
    const wasThere = isThere;
    isThere = existsSync(ballast);
    if (wasThere && !isThere) await moment(FREED_MS);
    if (bavail === 0 || wasThere !== isThere) continue;
    const filler = path.join(folder, `filler-${fillers.length}`);
    fillers.push(filler);
    try {
      writeFileSync(filler, Buffer.alloc(bavail * bsize));
    } catch {
      // The station was writing too: full is full.
    }
  }
  return fillers;
}
