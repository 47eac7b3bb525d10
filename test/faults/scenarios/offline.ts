import { readFileSync } from 'node:fs';
import { Mosquitto } from '../../support/mosquitto.ts';
import { auditBoth, drained } from '../audit.ts';
import { Cable } from '../cable.ts';
import { atLeast, atMost, type Scenario } from '../check.ts';
import { plantIn, receiverOf, stationOf } from '../plant.ts';

const partsPerSecond = 5;
const mostMegabytes = 200;

/** Days without a broker, in virtual time; then it comes back and everything drains. */
export const offline: Scenario = {
  name: 'offline',
  timeoutMs: (short) => (short ? 240_000 : 7_200_000),
  run: async (round) => {
    const plant = plantIn(round);
    const broker = await Mosquitto.start(round);
    const cable = await Cable.to(round, broker.url);
    receiverOf(round, plant, broker.url);
    cable.open(false);
    const hours = round.short ? 6 : 7 * 24;
    const parts = hours * 3600 * partsPerSecond;
    const args = ['--speed', `${partsPerSecond}`, '--classifier', 'scripted', '--ledger', 'sqlite'];
    const days = ['--virtual-time', '--parts', `${parts}`];
    const station = stationOf(round, plant, cable.url, [...args, ...days]);
    let peakMegabytes = 0;
    const timer = setInterval(() => {
      peakMegabytes = Math.max(peakMegabytes, residentMegabytes(station.pid));
    }, 500);
    const ended = await station.ended.finally(() => clearInterval(timer));
    if (ended.exitCode !== 0) throw new Error(`the station ended with ${ended.exitCode}: ${ended.stderr.slice(-500)}`);
    cable.open(true);
    const after = stationOf(round, plant, cable.url, ['--parts', '0', ...args]);
    const drainTimer = setInterval(() => {
      peakMegabytes = Math.max(peakMegabytes, residentMegabytes(after.pid));
    }, 500);
    await drained(plant, round.short ? 120_000 : 3_600_000).finally(() => clearInterval(drainTimer));
    after.kill('SIGINT');
    await after.ended;
    return [
      atLeast('hours offline', hours, hours),
      atMost('peak memory of the station, MB', Math.round(peakMegabytes), mostMegabytes),
      ...(await auditBoth(round, plant)),
    ];
  },
};

function residentMegabytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
