import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import { atMost, type Check } from '../../faults/check.ts';
import { idleSince, stealSince, stolenNow } from './host-load.ts';
import { inLab, type LabRound, type LabScenario } from './lab.ts';
import { figuresOf, isTenthOf, type LatenessFigures, sentenceOf, untoldPulses } from './lateness-figures.ts';
import { installPeers } from './peers.ts';
import { neverQuiet, quietMs, whenQuiet } from './quiet.ts';

const mostRounds = 3;

/** From an edge to its pulse, under load, in the lab; beside it the way others do it. */
export const labLateness: LabScenario = {
  name: 'lateness-lab',
  timeoutMs: (short) => mostRounds * labSeconds(short) * 1000 + quietMs(short) + 150_000,
  run: async (round) => {
    const peersFolder = round.peers ? installPeers(round) : '';
    const untold: Check[] = [];
    const measure = async (): Promise<Check[]> => {
      const checks = await inLab(round, 'lateness', { seconds: labSeconds(round.short), peersFolder });
      untold.push(...checks.filter(({ id, ok }) => id === untoldPulses && !ok));
      return checks;
    };
    const { judged, rounds } = await whenQuiet(round, mostRounds, measure, (checks) => checks.every(({ ok }) => ok));
    if (judged === undefined) return [neverQuiet('edge to pulse, under load', round), ...untold];
    const others = judged.filter((check) => !untold.includes(check));
    return [...others, ...untold, told('rounds', `${rounds} of at most ${mostRounds}`)];
  },
};

/** Of one round: a hundred edges of each way take 12 s, five hundred 60. */
const labSeconds = (short: boolean): number => (short ? 100 : 180);
/** The gatekeeper's own default. */
const wakeEarlyUs = '5000';
const hostSeconds = (short: boolean): number => (short ? 10 : 60);

/** The timing thread alone, on this computer's own kernel: awake before its time, as the gatekeeper is before it moves a gate. */
export const hostLateness: LabScenario = {
  name: 'lateness-host',
  timeoutMs: (short) => mostRounds * (hostSeconds(short) + 60) * 1000 + quietMs(short),
  run: async (round) => {
    const { judged, rounds } = await whenQuiet(round, mostRounds, () => measure(round), isGood);
    return judged === undefined ? [neverQuiet('timer of the gatekeeper’s kind', round)] : checksOf(judged, rounds);
  },
};

interface HostRound {
  readonly ours: LatenessFigures;
  readonly realtime: boolean;
  readonly theirs: readonly { readonly name: string; readonly figures: LatenessFigures }[];
  readonly host: string;
}

const isGood = ({ ours, theirs }: HostRound): boolean =>
  ours.p99 <= mostP99Ms && theirs.every(({ figures }) => isTenthOf(ours, figures));
const mostP99Ms = 1;
const peers = path.join(import.meta.dirname, '../peers');

/** All of them at the same time, with one process that computes and one that writes to the disk. */
async function measure(round: LabRound): Promise<HostRound> {
  const seconds = hostSeconds(round.short);
  const from = stolenNow();
  const loads = ['js', 'disk'].map((kind) =>
    spawn(process.execPath, [path.join(import.meta.dirname, 'load.ts'), kind, round.folder], { stdio: 'ignore' }),
  );
  round.after(() => loads.forEach((load) => void load.kill('SIGKILL')));
  const ways = [
    outputOf(round, path.join(round.programs, 'linegate-lateness'), [String(seconds), wakeEarlyUs]),
    ...(round.peers
      ? [
          outputOf(round, process.execPath, [path.join(peers, 'host-timer.ts'), String(seconds)]),
          outputOf(round, 'python3', [path.join(peers, 'host_timer.py'), String(seconds)]),
        ]
      : []),
  ];
  const [own = '', ...others] = await Promise.all(ways);
  const ended = loads.map((load) => once(load, 'exit'));
  for (const load of loads) load.kill('SIGKILL');
  await Promise.all(ended);
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

function told(id: string, value: string): Check {
  return { id, value, limit: 'told', ok: true, ran: true };
}

function checksOf({ ours, theirs, realtime, host }: HostRound, rounds: number): Check[] {
  return [
    told(
      'this computer',
      `${host}, round ${rounds} of at most ${mostRounds}, real-time priority ${realtime ? 'granted' : 'not granted'}`,
    ),
    told('timer of the gatekeeper’s kind, ms', sentenceOf(ours)),
    atMost('p99, ms', Math.round(ours.p99 * 1000) / 1000, mostP99Ms),
    ...theirs.flatMap(({ name, figures }) => [
      told(`${name}, ms`, sentenceOf(figures)),
      atMost(`p99 as a share of that of ${name}`, Math.round((ours.p99 / figures.p99) * 1000) / 1000, 0.1),
    ]),
  ];
}
