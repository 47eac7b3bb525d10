import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Calibration } from '../../../../agent/config/calibration.ts';
import { atMost, type Check, equals } from '../../../faults/check.ts';
import { pins } from '../../gatekeeper/pins.ts';
import { figuresOf, type LatenessFigures, sentenceOf, untoldPulses } from '../lateness-figures.ts';
import { peerNode } from '../peers.ts';
import { nowNs } from './belt.ts';
import { nextAgent } from './next-agent.ts';
import { Rig, timed } from './rig.ts';
import { interruptNumbers, pinChanges, type Witnessed, watchLines, witnessed } from './trace.ts';
import type { Inside } from './world.ts';

/** Each pulse is due so long after its edge. */
const delayNs = 50e6;
const apartMs = 40;
const periodNs = 3 * apartMs * 1e6;
const firstGpio = 512;

const soon: Calibration = { ...timed, delay: delayNs, width: 30e6, recovery: 5e6, lead: 5e6 };

/** One way to set an output 50 ms after an edge of an input. */
interface Way {
  readonly name: string;
  readonly input: number;
  readonly output: number;
  readonly moved: Moved[];
}

/** When the edge was given to the simulated chip, at the earliest and at the latest. */
interface Moved {
  readonly fromNs: number;
  readonly toNs: number;
}

const suite = path.join(import.meta.dirname, '..');
const peers = path.join(suite, '../peers');

function load(inside: Inside): void {
  for (const kind of ['js', 'disk'])
    start(inside, process.execPath, [path.join(suite, 'load.ts'), kind, process.env['LAB_OUT'] ?? '.']);
}

function start(inside: Inside, program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  inside.after(() => child.kill('SIGKILL'));
  return child;
}

/** A peer that has said that it is ready. */
async function startPeer(inside: Inside, way: Way, program: string, args: readonly string[]): Promise<Way> {
  const lines = [String(firstGpio + way.input), String(firstGpio + way.output)];
  const child = start(inside, program, [...args, ...lines]);
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', (status) => reject(new Error(`${way.name} ended with ${status}`)));
  });
  return way;
}

async function startPeers(inside: Inside): Promise<Way[]> {
  if (inside.peers === '') return [];
  const node = readFileSync(path.join(inside.peers, peerNode), 'utf8');
  const onoff = { name: 'setTimeout and onoff', input: 23, output: 6, moved: [] };
  const python = { name: 'Python’s threading.Timer', input: 24, output: 13, moved: [] };
  return [
    await startPeer(inside, onoff, node, [path.join(peers, 'onoff.mjs'), inside.peers]),
    await startPeer(inside, python, 'python3', [path.join(peers, 'timer.py')]),
  ];
}

/** Moves an input by its number and notes when. */
function moveEdge({ input, moved }: Way, high: boolean): void {
  const fromNs = nowNs();
  writeFileSync(path.join(process.env['LAB_PINS'] ?? '', `sim_gpio${input}`, 'pull'), high ? 'pull-up' : 'pull-down');
  if (high) moved.push({ fromNs, toNs: nowNs() });
}

/** Each way in turn, so that all of them meet the same load. */
async function play(ways: readonly Way[], pulses: number): Promise<Witnessed> {
  watchLines();
  for (let pulse = 0; pulse < pulses; pulse += 1) {
    for (const way of ways) {
      moveEdge(way, true);
      await sleep(15);
      moveEdge(way, false);
      await sleep(apartMs - 15);
    }
    if (ways.length < 3) await sleep((3 - ways.length) * apartMs);
  }
  await sleep(500);
  return witnessed();
}

/** How late each pulse came, in ms; Infinity for one that did not come before the next was due. */
interface Late {
  /** After the kernel's interrupt of its edge: the first that any program can know of it. */
  readonly ofInterrupt: number;
  /** After the edge was given to the simulated chip, which interrupts at the kernel's next tick. */
  readonly ofMove: number;
}

/** Of each edge that the chip told the kernel of. */
function latenessOf(seen: Witnessed, { input, output, moved }: Way): Late[] {
  const ons = pinChanges(seen, output, true);
  const number = interruptNumbers().get(input);
  const edgesNs = seen.interrupts.filter((edge) => edge.number === number).map(({ atNs }) => atNs);
  return moved.flatMap(({ fromNs, toNs }) => {
    const edgeNs = edgesNs.find((ns) => ns > fromNs - 1000 && ns < fromNs + periodNs / 2);
    if (edgeNs === undefined) return [];
    const dueNs = edgeNs + delayNs;
    const onNs = ons.find((ns) => ns > dueNs - 5e6 && ns < dueNs + periodNs - 5e6) ?? Number.POSITIVE_INFINITY;
    return [{ ofInterrupt: (onNs - dueNs) / 1e6, ofMove: (onNs - toNs - delayNs) / 1e6 }];
  });
}

interface WayFigures {
  readonly name: string;
  readonly figures: LatenessFigures;
  readonly ofMove: LatenessFigures;
}

interface RoundFigures {
  readonly ours: WayFigures;
  readonly theirs: readonly WayFigures[];
}

function figuresOfWay(seen: Witnessed, way: Way): WayFigures {
  const late = latenessOf(seen, way);
  return {
    name: way.name,
    figures: figuresOf(late.map(({ ofInterrupt }) => ofInterrupt)),
    ofMove: figuresOf(late.map(({ ofMove }) => ofMove)),
  };
}

async function measure(inside: Inside, ways: readonly Way[]): Promise<RoundFigures> {
  for (const { moved } of ways) moved.length = 0;
  const seen = await play(ways, inside.short ? 100 : 500);
  if (seen.forgotten > 0) throw new Error(`the kernel forgot ${seen.forgotten} entries of the trace`);
  const [ours, ...theirs] = ways.map((way) => figuresOfWay(seen, way));
  if (ours === undefined) throw new Error('nothing was measured');
  for (const { name, figures, ofMove } of [ours, ...theirs]) {
    inside.say(`${name}: ${sentenceOf(figures)}; with the chip's own wait p99 ${ofMove.p99.toFixed(3)}`);
  }
  inside.say(`load in the lab ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}`);
  return { ours, theirs };
}

/** Edge to pulse under load: the gatekeeper, and beside it what others use. */
export async function lateness(inside: Inside): Promise<readonly Check[]> {
  const rig = new Rig(inside, { calibration: soon });
  await rig.start();
  const own: Way = { name: 'gatekeeper', input: pins.trigger, output: pins.gate, moved: [] };
  const ways = [own, ...(await startPeers(inside))];
  load(inside);
  await sleep(500);
  const { ours, theirs } = await measure(inside, ways);
  const { missing, count } = ours.figures;
  const { agent, told: parts } = await nextAgent(rig.socket, count);
  await agent.close();
  return [
    told('pulses of the gatekeeper that did not come in time', missing),
    // A computer that is held up for longer than a part's window leaves no right moment: the part is recorded as missed.
    equals(untoldPulses, Math.max(0, missing - parts.missed), 0),
    told('gatekeeper, ms', sentenceOf(ours.figures)),
    told('gatekeeper, with the simulated chip’s own wait, ms', sentenceOf(ours.ofMove)),
    ...theirs.flatMap(({ name, figures, ofMove }) => [
      told(`${name}, ms`, sentenceOf(figures)),
      told(`${name}, with the simulated chip’s own wait, ms`, sentenceOf(ofMove)),
      shareOf(name, ours.figures, figures),
    ]),
  ];
}

function told(id: string, value: string | number): Check {
  return { id, value, limit: 'told', ok: true, ran: true };
}

/** A peer with pulses that never came gives no figure to be compared with: that would pass whatever ours is. */
function shareOf(name: string, ours: LatenessFigures, theirs: LatenessFigures): Check {
  const id = `p99 of the gatekeeper as a share of that of ${name}`;
  const share = Math.round((ours.p99 / theirs.p99) * 1000) / 1000;
  if (Number.isFinite(theirs.p99)) return atMost(id, share, 0.1);
  return { id, value: `none: ${theirs.missing} of its pulses never came`, limit: '<= 0.1', ok: false, ran: true };
}
