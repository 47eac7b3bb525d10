/**
 * Runs in the lab: linegate-v4l2 and the stream camera on the kernel's virtual camera. `inside.ts figures|recovery PROGRAM`
 * prints one JSON `{pass, checks}`; exit 1 when a check is not ok, 3 when one did not run.
 */
import { setTimeout as moment } from 'node:timers/promises';
import { type CameraState, StreamCamera } from '../../../agent/adapters/camera/stream.ts';
import { v4l2Source } from '../../../agent/adapters/camera/v4l2.ts';
import { SystemClock } from '../../../agent/adapters/clock/system.ts';
import type { PixelFormat } from '../../../agent/core/frame.ts';
import { Inbox } from '../../fixtures/bounded.ts';
import { Checks } from './checks.ts';
import { percentile } from './percentile.ts';
import { measure, type StreamFigures } from './stream-figures.ts';
import { findVivid, plugIn, press, pullOut, runningProcesses } from './vivid.ts';

const [part = 'figures', program = 'dist/native/x64/linegate-v4l2'] = process.argv.slice(2);
const checks = new Checks();
const clock = new SystemClock();
const never = new AbortController().signal;
const framesPerSecond = 30;
const periodMs = 1000 / framesPerSecond;
/** Whether the stamp is that of the exposure's start; the virtual camera invents one in the future otherwise. */
const controls = { timestamp_source: 1 };

function sourceOf(device: string, format: PixelFormat): ReturnType<typeof v4l2Source> {
  const size = { widthPx: 1280, heightPx: 720 };
  return v4l2Source({ program, device, format, ...size, framesPerSecond, controls, latencyMs: 0 });
}

/**
 * How the stream runs when nothing goes wrong: the best of three rounds. The lab's kernel is a process that its host may
 * not run for a while; what is lost then is not the stream's doing, and what the stream loses it loses in each round.
 */
async function quiet(device: string, format: PixelFormat): Promise<void> {
  const rounds: StreamFigures[] = [];
  for (let round = 0; round < 3 && rounds.every(({ lost }) => lost > 0); round++) {
    rounds.push(await measure(sourceOf(device, format), 150));
  }
  const best = rounds.reduce((a, b) => (b.lost < a.lost ? b : a));
  checks.atMost(`${format}-first-frame-ms`, Math.min(...rounds.map(({ firstFrameMs }) => firstFrameMs)), 1000);
  checks.atMost(`${format}-rate-off-percent`, Math.abs(best.framesPerSecond / framesPerSecond - 1) * 100, 2);
  checks.atMost(`${format}-sequence-gaps`, best.lost, 0);
  const byRound = rounds.map(({ lost, dropped }) => `${lost} (${dropped} read too late)`);
  checks.tell(`${format}-sequence-gaps-by-round`, byRound.join(', '));
  const { p50, p99, max } = best.agesMs;
  checks.tell(`${format}-stamp-to-node-ms-p50-p99-max`, [p50, p99, max].map((ms) => ms.toFixed(2)).join(' '));
}

interface Rig {
  readonly camera: StreamCamera;
  readonly states: Inbox<CameraState>;
}

async function startCamera(device: string): Promise<Rig> {
  const states = new Inbox<CameraState>();
  const source = sourceOf(device, 'nv12');
  const onState = (state: CameraState): void => {
    console.error((clock.nowNs() / 1e9).toFixed(3), state.kind, state.kind === 'failing' ? state.message : '');
    states.put(state);
  };
  const camera = new StreamCamera({ source, clock, framesPerSecond, onState });
  await camera.start();
  return { camera, states };
}

async function triggers({ camera }: Rig): Promise<void> {
  const apart: number[] = [];
  const took: number[] = [];
  const sequences = new Set<number>();
  let without = 0;
  // While the first frames come Node is still compiling what reads them.
  await moment(1500);
  for (let part = 0; part < 60; part++) {
    await moment(70 + ((part * 37) % 60));
    const triggerNs = clock.nowNs();
    const capture = await camera.capture(part, triggerNs, never);
    took.push((clock.nowNs() - triggerNs) / 1e6);
    if (capture.kind === 'no-frame') {
      without++;
      console.error(capture.reason);
      continue;
    }
    apart.push(Math.abs(capture.frame.sensorNs - triggerNs) / 1e6);
    sequences.add(capture.frame.sequence);
  }
  checks.equal('triggers-without-frame', without, 0);
  checks.equal('frames-taken-twice', 60 - without - sequences.size, 0);
  checks.atMost('frame-to-trigger-ms-max', Math.max(...apart), 0.6 * periodMs);
  checks.tell('trigger-to-frame-in-hand-ms-p50', Number(percentile(took, 0.5).toFixed(2)));
  checks.tell('trigger-to-frame-in-hand-ms-p99', Number(percentile(took, 0.99).toFixed(2)));
}

/** Waits for the next state of a kind after `seen` of them. */
async function next(states: Inbox<CameraState>, seen: number, kind: CameraState['kind']): Promise<number> {
  await states.first((state) => state.kind === kind && states.all.indexOf(state) >= seen, kind, 30_000);
  return clock.nowNs();
}

/** The camera is pulled out while it streams, is away for two seconds, and comes back. */
async function unplug({ camera, states }: Rig): Promise<void> {
  const seen = states.all.length;
  const pulledNs = clock.nowNs();
  pullOut();
  const noticedNs = await next(states, seen, 'failing');
  checks.atMost('unplugged-noticed-ms', (noticedNs - pulledNs) / 1e6, 1500);
  const capture = await camera.capture(100, clock.nowNs(), never);
  checks.equal('unplugged-reason', capture.kind === 'no-frame' && capture.reason.includes('was unplugged'), true);
  await moment(2000);
  checks.equal(
    'no-ok-while-away',
    states.all.slice(seen).every(({ kind }) => kind === 'failing'),
    true,
  );
  plugIn();
  const pluggedNs = clock.nowNs();
  const backNs = await next(states, seen, 'ok');
  checks.atMost('plugged-in-recovered-ms', (backNs - pluggedNs) / 1e6, 6000);
  checks.equal('frame-after-recovery', await getsFrame(camera), true);
}

/** Whether one of the next parts gets its frame. The virtual camera's first frames come unevenly. */
async function getsFrame(camera: StreamCamera): Promise<boolean> {
  for (let part = 0; part < 10; part++) {
    if ((await camera.capture(part, clock.nowNs(), never)).kind === 'frame') return true;
  }
  return false;
}

/** Does something to the helper and waits until the camera works again. */
async function disturb(rig: Rig, disturbance: () => void): Promise<number> {
  // Long enough to count as healthy again.
  await moment(2100);
  const seen = rig.states.all.length;
  const sinceNs = clock.nowNs();
  disturbance();
  await next(rig.states, seen, 'failing');
  return ((await next(rig.states, seen, 'ok')) - sinceNs) / 1e6;
}

async function restarts(rig: Rig): Promise<void> {
  const took: number[] = [];
  let frames = 0;
  for (let time = 0; time < 10; time++) {
    took.push(await disturb(rig, () => signalAll('SIGKILL')));
    if (await getsFrame(rig.camera)) frames++;
  }
  checks.equal('ten-kills-frames-after', frames, 10);
  checks.atMost('ten-kills-recovered-ms-max', Math.max(...took), 3000);
  checks.equal('helpers-running', runningProcesses(program).length, 1);
}

function signalAll(signal: 'SIGKILL' | 'SIGSTOP'): void {
  for (const pid of runningProcesses(program)) process.kill(pid, signal);
}

async function faults(rig: Rig, device: string): Promise<void> {
  checks.atMost('stopped-helper-recovered-ms', await disturb(rig, () => signalAll('SIGSTOP')), 5000);
  checks.atMost('fatal-error-recovered-ms', await disturb(rig, () => press(device, 'inject-fatal-error')), 3000);
  const seen = rig.states.all.length;
  press(device, 'inject-frame-error');
  await moment(200);
  checks.equal('damaged-frame-goes-on', rig.states.all.length - seen, 0);
  const untilNs = clock.nowNs() + 3e9;
  while (clock.nowNs() < untilNs);
  await moment(200);
  checks.equal('held-up-loop-goes-on', rig.states.all.length - seen, 0);
  checks.equal('frame-after-held-up-loop', await getsFrame(rig.camera), true);
}

async function figures(device: string): Promise<void> {
  for (const format of ['nv12', 'yuyv', 'grey', 'rgb'] as const) await quiet(device, format);
  const rig = await startCamera(device);
  await triggers(rig);
  await rig.camera.stop();
}

async function recovery(device: string): Promise<void> {
  const rig = await startCamera(device);
  await unplug(rig);
  checks.atMost('disconnect-recovered-ms', await disturb(rig, () => press(device, 'disconnect')), 3000);
  await restarts(rig);
  await faults(rig, device);
  await rig.camera.stop();
}

const vivid = findVivid(program);
if (vivid === undefined) checks.notRun(part, 'this kernel has no virtual camera');
else {
  const usable = vivid.formats.filter((format) => format.usable).map(({ format }) => format);
  checks.equal('listed-formats', usable.sort().join(' '), 'GREY NV12 RGB3 YUYV');
  await (part === 'figures' ? figures : recovery)(vivid.device);
  checks.equal('helpers-left-behind', runningProcesses(program).length, 0);
}
console.log(checks.json());
process.exitCode = checks.exitCode;
