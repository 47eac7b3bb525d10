/**
 * Runs in the lab: `inside.ts FOLDER` with the C programs in FOLDER. It gives the doctor a station whose lines are free, held
 * by its gatekeeper, held by that of another station and gone, and a camera that gives frames, and prints one JSON `{pass, checks}`;
 * exit 1 when a check is not ok.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { examine } from '../../../agent/doctor/doctor.ts';
import type { Finding } from '../../../agent/doctor/finding.ts';
import { SystemHost } from '../../../agent/doctor/probes/system-host.ts';
import { systemProbes } from '../../../agent/doctor/probes/system-probes.ts';
import { readWants } from '../../../agent/doctor/wants.ts';
import { Checks } from '../camera/checks.ts';
import { findVivid } from '../camera/vivid.ts';

const programs = path.resolve(process.argv[2] ?? 'dist/native/x64');
const gatekeeper = path.join(programs, 'linegate-gatekeeper');
const folder = mkdtempSync(path.join(tmpdir(), 'doctor-'));
const station = path.join(folder, 'station.yaml');
const socket = path.join(folder, 'gatekeeper.sock');
const conf = path.join(folder, 'gatekeeper.conf');
const checks = new Checks();

/** The station of this test; its chip may be one that is not there. */
function writeStation(chip: string, device: string): void {
  const at = (line: string): object => ({ chip, line });
  const line = {
    kind: 'gatekeeper',
    socket,
    ring: path.join(folder, 'ring'),
    calibration: 'calibration.yaml',
    inputs: { trigger: at('TRIGGER') },
    outputs: { gate: at('REJECT'), ready: at('READY') },
  };
  const camera = { kind: 'v4l2', device, format: 'yuyv', widthPx: 640, heightPx: 480, framesPerSecond: 30 };
  const given = { schemaVersion: 1, station: 'lab', recipe: 'machined-ring', stateFolder: 'state', line, camera };
  writeFileSync(station, JSON.stringify(given));
  const calibration = { schemaVersion: 1, delayMs: 400, widthMs: 20, recoveryMs: 20, leadMs: 10, triggerDeadMs: 10 };
  writeFileSync(path.join(folder, 'calibration.yaml'), JSON.stringify(calibration));
}

async function look(only: string): Promise<Finding> {
  const tools = {
    host: new SystemHost(),
    probes: systemProbes,
    wants: readWants(station),
    cameraSeconds: 2,
    gpioProgram: path.join(programs, 'linegate-gpioinfo'),
    nowMs: Date.now(),
    timeZone: 'Europe/Berlin',
  };
  const [finding] = await examine(tools, only);
  if (finding === undefined) throw new Error(`there is no check ${only}`);
  console.error(finding.state, finding.id, finding.sentence);
  return finding;
}

async function expectState(id: string, only: string, state: Finding['state']): Promise<Finding> {
  const finding = await look(only);
  checks.equal(id, finding.state, state);
  return finding;
}

async function until(what: string, ready: () => boolean): Promise<void> {
  for (let tries = 0; !ready(); tries += 1) {
    if (tries > 100) throw new Error(`${what} did not happen within 10 s`);
    await sleep(100);
  }
}

/** A gatekeeper of another station takes the lines. */
async function startStranger(): Promise<ChildProcess> {
  const copy = path.join(folder, 'stranger.conf');
  const text = execFileSync(process.execPath, ['cli/linegate.ts', 'gatekeeper-conf', '--station', station], {
    encoding: 'utf8',
  });
  writeFileSync(copy, text.replaceAll(folder, path.join(folder, 'stranger')));
  mkdirSync(path.join(folder, 'stranger'));
  const stranger = spawn(gatekeeper, ['--conf', copy], { stdio: 'ignore' });
  await until('the other gatekeeper', () => existsSync(path.join(folder, 'stranger/gatekeeper.sock')));
  return stranger;
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await until('the end of a program', () => child.exitCode !== null || child.signalCode !== null);
}

async function linesAndGatekeeper(): Promise<void> {
  await expectState('lines-free', 'lines', 'ok');
  await expectState('gatekeeper-down', 'gatekeeper', 'fail');
  execFileSync(process.execPath, ['cli/linegate.ts', 'gatekeeper-conf', '--station', station, '--out', conf]);
  const keeper = spawn(gatekeeper, ['--conf', conf], { stdio: 'ignore' });
  await until('the gatekeeper', () => existsSync(socket));
  const held = await expectState('lines-held-by-gatekeeper', 'lines', 'ok');
  checks.equal('lines-held', Number(held.figures['heldByGatekeeper']), 3);
  await expectState('gatekeeper-without-agent', 'gatekeeper', 'warn');
  await expectState('gatekeeper-conf-same', 'gatekeeper-conf', 'ok');
  await expectState('realtime', 'realtime', 'ok');
  writeFileSync(conf, 'late-us 1\n', { flag: 'a' });
  await expectState('gatekeeper-conf-other', 'gatekeeper-conf', 'fail');
  await end(keeper);
  await expectState('lines-free-again', 'lines', 'ok');
  const stranger = await startStranger();
  await expectState('gatekeeper-elsewhere', 'gatekeeper', 'fail');
  await end(stranger);
}

async function camera(device: string): Promise<void> {
  // The lab has one processor that is not its own: frames may be lost there, but each must be accounted for.
  const { state, figures } = await look('camera');
  checks.equal('camera-judged', state, figures['missed'] === 0 ? 'ok' : 'warn');
  const { frames, missed, seconds } = figures;
  const rate = (Number(frames) + Number(missed)) / Number(seconds);
  checks.atMost('camera-rate-off-percent', Math.abs(rate / 30 - 1) * 100, 3);
  checks.tell('camera-lost', Number(missed));
  const holder = spawn(
    path.join(programs, 'linegate-v4l2'),
    ['--device', device, '--format', 'YUYV', '--size', '640x480', '--rate', '30'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  holder.stdout.resume();
  await expectState('camera-held', 'camera', 'not-run');
  await end(holder);
}

const device = findVivid(path.join(programs, 'linegate-v4l2'))?.device;
if (device === undefined) throw new Error('the lab has no virtual camera');
writeStation('lab-header', device);
await linesAndGatekeeper();
await camera(device);
writeStation('pinctrl-rp1', device);
await expectState('lines-of-another-chip', 'lines', 'fail');
console.log(checks.json());
process.exitCode = checks.exitCode;
