import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attached, until } from '../../../agent/native/gatekeeper/testing/client.ts';
import { exitOf, type KeeperProcess, startKeeper } from '../../../agent/native/gatekeeper/testing/keeper-process.ts';
import { type Check, equals, atMost as isAtMost } from '../../faults/check.ts';
import { levelOf, startTrace, takeTrace } from '../gatekeeper/pins.ts';
import { countedPass, drive, pass, Turn, type When } from './belt.ts';
import { Pty } from './pty.ts';
import { LabStation } from './station.ts';

const checks: Check[] = [];

function note(check: Check): void {
  appendFileSync(`${process.env['LAB_OUT']}/progress`, `${check.id} ${check.value} ${check.limit}\n`);
  checks.push(check);
}

function expect(id: string, value: string | number | boolean, limit: string | number | boolean): void {
  note(
    typeof value === 'boolean' ? equals(id, String(value), String(limit)) : equals(id, value, limit as string | number),
  );
}

function atMost(id: string, value: number, limit: number): void {
  note(isAtMost(id, value, limit));
}

const enter = '\r';
/** As a terminal repeats a held key. */
const repeatMs = 33;
/** How long after the last key the gate may be active: the gatekeeper's 200 ms, and this kernel's own lateness. */
const fallMs = 300;

/** What the kernel noted of the gate's line: how long it was active each time, in ms. */
function gateTimes(): number[] {
  const changes = takeTrace().filter(({ pin }) => pin === 17);
  return changes.flatMap(({ active, atNs }, index) => {
    const after = changes[index + 1];
    return active && after !== undefined ? [(after.atNs - atNs) / 1e6] : [];
  });
}

async function holdFor(pty: Pty, ms: number): Promise<void> {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(repeatMs)) pty.type(' ');
}

async function gateStep(pty: Pty): Promise<void> {
  await pty.shows(/: Gate\r/);
  pty.type(' ');
  await sleep(100);
  expect('gate: before the confirmation', levelOf('gate'), false);
  pty.type(enter);
  await pty.shows(/THE GATE WILL MOVE[\s\S]*Type yes/);
  pty.type(`yes${enter}`);
  await pty.shows(/Gate inactive/);
  takeTrace();
  await holdFor(pty, 1000);
  expect('gate: while the key is held', levelOf('gate'), true);
  await sleep(fallMs);
  expect('gate: after the key was let go', levelOf('gate'), false);
  const [held = 0] = gateTimes();
  atMost('gate: active for a key of 1 s, ms', held, 1000 + fallMs);
  await sleep(1000);
  await holdFor(pty, 6000);
  // Where the machine is so busy that keys fall out for 0.8 s, the key counts as let go.
  atMost('gate: active for a key of 6 s, at the longest, ms', Math.max(0, ...gateTimes()), 3000 + fallMs);
  await sleep(1000);
  await holdFor(pty, 300);
  pty.type('x');
  await holdFor(pty, 500);
  const [other = 0] = gateTimes();
  atMost('gate: ended by another key, ms', other, 300 + fallMs);
  pty.type(enter);
  await pty.shows(/The gate moved[\s\S]*Enter: keep/);
  pty.type(enter);
}

const wayMs = 300;
const beamMs = 25;

/** Seven parts; one is not seen at the gate, one is 80 ms late there. Returns the median of the ways that were driven. */
async function delayStep(pty: Pty): Promise<When> {
  await pty.shows(/Way to the gate\r/);
  pty.type(enter);
  await pty.shows(/Passes 0/);
  const ways: When[] = [];
  for (const [late, seen] of [
    [0, true],
    [0, true],
    [80, true],
    [0, true],
    [0, false],
    [0, true],
    [0, true],
  ] as const) {
    const way = await pass(wayMs + late, beamMs, seen);
    if (seen) ways.push(way);
    await sleep(150);
  }
  await pty.shows(/Passes 6/);
  pty.type(`${enter}`);
  await pty.shows(/is long/);
  pty.type(`40${enter}`);
  await pty.shows(/behind the gate/);
  pty.type(enter);
  await pty.shows(/Way to the gate, by the sensor[\s\S]*Enter: keep/);
  pty.type(enter);
  return { fromNs: median(ways.map(({ fromNs }) => fromNs)), toNs: median(ways.map(({ toNs }) => toNs)) };
}

/** As the product has it: between the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(values.length - 1) >> 1] ?? 0) + (sorted[values.length >> 1] ?? 0)) / 2;
}

/** How far a figure is from what was driven, in ms. */
function off(ns: number, { fromNs, toNs }: When): number {
  return Math.max(0, fromNs - ns, ns - toNs) / 1e6;
}

const fallNs = 120e6;

async function responseStep(pty: Pty): Promise<void> {
  await pty.shows(/Response of the gate\r/);
  pty.type(enter);
  await pty.shows(/Type yes/);
  pty.type(`yes${enter}`);
  await pty.shows(/Gate inactive/);
  for (let at = 0; at < 5; at++) {
    pty.type(' ');
    if (!(await until(() => levelOf('gate')))) throw new Error('The gate did not move for a tap of the key.');
    await sleep(fallNs / 1e6);
    drive('confirm', true);
    await sleep(20);
    drive('confirm', false);
    await sleep(900);
  }
  pty.type(enter);
  await pty.shows(/data sheet/);
  pty.type(`8${enter}`);
  await pty.shows(/Enter: keep/);
  pty.type(enter);
}

async function inputsStep(pty: Pty): Promise<void> {
  await pty.shows(/: Inputs\r/);
  pty.type(enter);
  await pty.shows(/trigger +unknown/);
  drive('trigger', true);
  await pty.shows(/trigger +ACTIVE +edges 1/);
  drive('trigger', false);
  await pty.shows(/trigger +inactive +edges 2/);
  drive('atGate', true);
  await pty.shows(/part-at-gate +ACTIVE +edges 1/);
  drive('atGate', false);
  drive('confirm', true);
  await pty.shows(/confirm +ACTIVE/);
  drive('confirm', false);
  pty.type(enter);
  await pty.shows(/Enter: keep/);
  pty.type(enter);
}

async function timedWalk(programs: string): Promise<void> {
  const station = new LabStation('time');
  const keeper = await start(programs, station);
  const before = readFileSync(station.calibration, 'utf8');
  const pty = new Pty(station.command());
  await inputsStep(pty);
  await gateStep(pty);
  const driven = await delayStep(pty);
  await responseStep(pty);
  await pty.shows(/Lateness of this device\r/);
  pty.type(`h2${enter}`);
  await pty.shows(/by hand: at most 2.00 ms[\s\S]*Enter: keep/);
  pty.type(enter);
  await pty.shows(/Summary[\s\S]*w: write/);
  expect('nothing written before the end', readFileSync(station.calibration, 'utf8') === before, true);
  pty.type('w');
  expect('walk: exit status', (await pty.ended()) ?? -1, 0);
  checkTimed(station, driven, before);
  await stop(keeper);
  station.writeConf();
  const { status } = spawnSync(path.join(programs, 'linegate-gatekeeper'), ['--conf', station.conf, '--check']);
  expect('the gatekeeper takes the new calibration', status ?? -1, 0);
}

/** It computes and writes without a pause, for which the lab's exact clock would stand still. */
async function latenessWalk(programs: string): Promise<void> {
  const station = new LabStation('time');
  const keeper = await start(programs, station);
  const pty = new Pty(station.command('--only', 'lateness', '--lateness-seconds', '3'), {
    ...process.env,
    PATH: `${programs}:${process.env['PATH']}`,
  });
  await pty.shows(/Lateness of this device\r/, 90_000);
  pty.type(enter);
  await pty.shows(/Lateness under load, \d{3} timers[\s\S]*Enter: keep/, 60_000);
  // What a busy lab measures is no device's: with it nothing would fit.
  pty.type('r');
  await pty.shows(/h: give/);
  pty.type(`h2${enter}`);
  await pty.shows(/by hand: at most 2.00 ms[\s\S]*Enter: keep/);
  pty.type(enter);
  await pty.shows(/w: write/);
  pty.type('w');
  expect('lateness: exit status', (await pty.ended()) ?? -1, 0);
  await stop(keeper);
}

function checkTimed(station: LabStation, way: When, before: string): void {
  const { kept, results, proposal } = station.read();
  const { delay, response } = results;
  const arrivalNs = delay?.arrival.median ?? 0;
  atMost('delay: way found, off by ms', off(arrivalNs, way), 1);
  atMost('delay: the belt itself is known to, ms', (way.toNs - way.fromNs) / 1e6, 20);
  const marginNs = Math.max(delay?.arrival.spread ?? 0, 0.5e6) + 8e6;
  atMost('delay: proposed with its margins, off by ms', off(proposal.calibration.delay + marginNs, way), 1);
  expect('delay: outliers', delay?.arrival.outliers.length ?? -1, 1);
  expect('delay: parts that the sensor missed', delay?.missedAtSensor ?? -1, 1);
  const toConfirmNs = response?.toConfirmNs?.median ?? 0;
  expect('response: not before it was driven', toConfirmNs >= fallNs, true);
  atMost('response: off by ms', (toConfirmNs - fallNs) / 1e6, 30);
  expect('the old calibration is beside', kept !== null && readFileSync(kept, 'utf8') === before, true);
}

const way = 300;
const length = 40;

async function countedWalk(programs: string): Promise<void> {
  const station = new LabStation('encoder');
  const keeper = await start(programs, station);
  const turn = new Turn(false);
  const pty = new Pty(station.command());
  await pty.shows(/: Inputs\r/);
  pty.type('s');
  await pty.shows(/: Encoder\r/);
  pty.type(enter);
  await pty.shows(/encoder /);
  for (let at = 0; at < 400; at++) {
    turn.step();
    await sleep(1);
  }
  await pty.shows(/400 counts, forward/);
  pty.type(enter);
  await pty.shows(/has moved, in mm/);
  pty.type(`100${enter}`);
  await pty.shows(/Enter: keep/);
  pty.type(enter);
  await pty.shows(/: Gate\r/);
  pty.type('s');
  await pty.shows(/Way to the gate\r/);
  pty.type(enter);
  await pty.shows(/Passes 0/);
  for (let at = 0; at < 5; at++) await countedPass(way, length, turn);
  await pty.shows(/Passes 5/);
  pty.type(`${enter}`);
  await pty.shows(/is long/);
  pty.type(enter);
  await pty.shows(/behind the gate/);
  pty.type(enter);
  await pty.shows(/Enter: keep/);
  pty.type(enter);
  await pty.shows(/Lateness of this device\r/);
  pty.type('s');
  await pty.shows(/Highest encoder rate\r/);
  pty.type(enter);
  await pty.shows(/Enter: keep/);
  pty.type(enter);
  await pty.shows(/w: write/);
  pty.type('w');
  expect('counts: exit status', (await pty.ended()) ?? -1, 0);
  const { delay, encoder } = station.read().results;
  expect('encoder: counts', encoder?.counts ?? 0, 400);
  expect('encoder: counts for a mm', encoder?.countsPerMm ?? 0, 4);
  expect('encoder: losses', encoder?.losses ?? -1, 0);
  atMost('counts: way found, off by', Math.abs((delay?.arrival.median ?? 0) - way), 1);
  await stop(keeper);
}

/** What ends a held gate at once, and who may not hold one. */
async function endings(programs: string): Promise<void> {
  const station = new LabStation('time');
  const keeper = await start(programs, station);
  for (const how of ['Ctrl-C', 'the terminal gone'] as const) {
    const before = readFileSync(station.calibration, 'utf8');
    const pty = new Pty(station.command('--only', 'gate', '--yes-the-line-is-stopped'));
    await pty.shows(/: Gate\r/);
    pty.type(enter);
    await pty.shows(/Gate inactive/);
    await holdFor(pty, 400);
    expect(`${how}: gate held before`, levelOf('gate'), true);
    if (how === 'Ctrl-C') pty.type('\u0003');
    else pty.close();
    await sleep(fallMs);
    expect(`${how}: gate afterwards`, levelOf('gate'), false);
    if (how === 'Ctrl-C') expect('Ctrl-C: exit status', (await pty.ended()) ?? -1, 1);
    expect(`${how}: the calibration is as it was`, readFileSync(station.calibration, 'utf8') === before, true);
    await sleep(300);
  }
  const agent = await attached(station.socket);
  const refused = new Pty(station.command());
  await refused.shows(/serves another agent: stop that one/);
  expect('with an agent: exit status', (await refused.ended()) ?? -1, 3);
  await agent.close();
  await stop(keeper);
}

async function start(programs: string, station: LabStation): Promise<KeeperProcess> {
  for (const role of ['trigger', 'atGate', 'confirm', 'encoderA', 'encoderB'] as const) drive(role, false);
  const keeper = startKeeper(path.join(programs, 'linegate-gatekeeper'), ['--conf', station.conf]);
  await (await attached(station.socket)).close();
  return keeper;
}

async function stop(keeper: KeeperProcess): Promise<void> {
  keeper.child.kill('SIGTERM');
  await exitOf(keeper);
}

/** Inside the lab: the walks that can be made by the exact clock, or the one that cannot. Leaves its checks in `file`. */
export async function runWalks(programs: string, time: string, file: string): Promise<void> {
  spawnSync('sh', [
    '-c',
    'mkdir -p /dev/pts; mount -t devpts devpts /dev/pts; [ -e /dev/ptmx ] || ln -s pts/ptmx /dev/ptmx',
  ]);
  startTrace();
  const walks = time === 'exact' ? [timedWalk, endings, countedWalk] : [latenessWalk];
  try {
    for (const walk of walks) await walk(programs);
  } catch (error) {
    expect(error instanceof Error ? error.message : String(error), 'failed', 'done');
  }
  writeFileSync(file, JSON.stringify(checks));
}
