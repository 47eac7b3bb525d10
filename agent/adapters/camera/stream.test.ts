import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as moment } from 'node:timers/promises';
import { cameraContract } from '../../../test/contracts/camera.ts';
import { Inbox } from '../../../test/fixtures/bounded.ts';
import { type Behaviour, playedCamera, playedRate, type StreamKind } from '../../../test/fixtures/camera-programs.ts';
import { notRun } from '../../../test/support/not-run.ts';
import { SystemClock } from '../clock/system.ts';
import { gstreamerSource } from './gstreamer.ts';
import { type CameraState, StreamCamera, type StreamCameraOptions } from './stream.ts';
import type { StreamSource } from './stream-source.ts';
import { v4l2Source } from './v4l2.ts';

const clock = new SystemClock();
const never = new AbortController().signal;
const kinds: readonly StreamKind[] = ['v4l2', 'rpicam', 'gstreamer'];
const periodMs = 1000 / playedRate;

interface Rig {
  readonly camera: StreamCamera;
  readonly states: Inbox<CameraState>;
  readonly starts: () => number;
}

function rigOf(source: StreamSource, more: Partial<StreamCameraOptions> = {}): Omit<Rig, 'starts'> {
  const states = new Inbox<CameraState>();
  const backoff = { firstMs: 20, longestMs: 100 };
  const timing = { framesPerSecond: playedRate, stallMs: 400, startMs: 5000, backoff };
  return { camera: new StreamCamera({ source, clock, onState: states.put, ...timing, ...more }), states };
}

async function started(t: TestContext, kind: StreamKind, ...runs: readonly Behaviour[]): Promise<Rig> {
  const { source, starts } = playedCamera(kind, ...runs);
  const rig = { ...rigOf(source), starts };
  t.after(() => rig.camera.stop());
  await rig.camera.start();
  return rig;
}

for (const kind of kinds) {
  cameraContract(`played ${kind}`, async () => ({
    camera: rigOf(playedCamera(kind, 'ok').source).camera,
    part: async () => {
      // A frame is one part's alone.
      await moment(3 * periodMs);
      return clock.nowNs();
    },
  }));

  describe(`stream camera: played ${kind}`, { concurrency: false }, () => {
    test('each trigger gets the frame nearest to it, with its own pixels', async (t) => {
      const { camera } = await started(t, kind, 'ok');
      const taken = [];
      for (let part = 1; part <= 10; part++) {
        const triggerNs = clock.nowNs() + (part % 3) * 1e6;
        const capture = await camera.capture(part, triggerNs, never);
        if (capture.kind !== 'frame') assert.fail(capture.reason);
        const { frame } = capture;
        assert.ok(Math.abs(frame.sensorNs - triggerNs) <= 0.6 * periodMs * 1e6);
        taken.push(frame);
        await moment(2 * periodMs);
      }
      // Ten later frames each: a frame that was given away is never written over.
      for (const { data, sequence } of taken) assert.deepEqual([...new Set(data)], [sequence % 256]);
      assert.equal(new Set(taken.map(({ sequence }) => sequence)).size, 10);
    });

    const wrong = kind === 'gstreamer' ? (['dies', 'stalls'] as const) : (['dies', 'stalls', 'garbage'] as const);
    for (const behaviour of wrong) {
      test(`one that ${behaviour} is started again by itself, and says so meanwhile`, async (t) => {
        const { camera, states, starts } = await started(t, kind, behaviour, 'refuses', 'ok');
        const failing = await states.first((state) => state.kind === 'failing', 'failing');
        const meanwhile = await camera.capture(1, clock.nowNs(), never);
        assert.ok(meanwhile.kind === 'no-frame' && failing.kind === 'failing');
        assert.equal(meanwhile.reason, failing.message);
        await states.count(4, 'states');
        assert.deepEqual(
          states.all.map((state) => state.kind),
          ['ok', 'failing', 'failing', 'ok'],
        );
        const refused = states.all[2];
        assert.ok(refused?.kind === 'failing');
        assert.match(refused.message, /gives no frames \(ERROR: \*\*\* no cameras available \*\*\*\)\.$/);
        const capture = await camera.capture(2, clock.nowNs(), never);
        assert.equal(capture.kind, 'frame', capture.kind === 'frame' ? '' : capture.reason);
        assert.equal(starts(), 3);
      });
    }
  });
}

test('stream camera: ten restarts without hands, sequence rising all the while', async (t) => {
  const { camera, states } = await started(t, 'v4l2', ...Array<Behaviour>(10).fill('dies'), 'ok');
  let sequence = -1;
  for (let up = 1; up <= 11; up++) {
    await states.count(2 * up - 1, 'states');
    const capture = await camera.capture(up, clock.nowNs(), never);
    // It may have died again by now: then the reason says so.
    if (capture.kind !== 'frame') assert.match(capture.reason, /was unplugged|No frame was taken/);
    else assert.ok(capture.frame.sequence > sequence);
    if (capture.kind === 'frame') sequence = capture.frame.sequence;
    if (up === 11) assert.equal(capture.kind, 'frame');
  }
});

test('stream camera: a start that fails says why', async () => {
  for (const [behaviour, why] of [
    ['refuses', /^The camera Pi camera 0 does not start \(ERROR: \*\*\* no cameras available \*\*\*\): see /],
    ['silent', /\(it gave no frame within 300 ms of its start\)/],
  ] as const) {
    const { camera } = rigOf(playedCamera('rpicam', behaviour).source, {
      startMs: behaviour === 'silent' ? 300 : 5000,
    });
    await assert.rejects(camera.start(), { code: 'device', message: why });
    await camera.stop();
  }
  const options = { program: '/nowhere/linegate-v4l2', device: '/dev/video0', format: 'nv12', controls: {} } as const;
  const shape = { widthPx: 64, heightPx: 48, framesPerSecond: 30, latencyMs: 0 };
  const { camera } = rigOf(v4l2Source({ ...options, ...shape }));
  await assert.rejects(camera.start(), {
    code: 'device',
    message: /does not start \(the program \/nowhere\/linegate-v4l2 is not installed\)/,
  });
});

test('stream camera: an event loop that was held up does not take the camera for stalled', async (t) => {
  const { camera, states, starts } = await started(t, 'v4l2', 'ok');
  const untilNs = clock.nowNs() + 1.5e9;
  while (clock.nowNs() < untilNs);
  await moment(100);
  const capture = await camera.capture(1, clock.nowNs(), never);
  assert.equal(capture.kind, 'frame', capture.kind === 'frame' ? '' : capture.reason);
  assert.equal(starts(), 1);
  assert.deepEqual(states.all, [{ kind: 'ok' }]);
});

test('stream camera: a part far from every frame gets none, with the distance', async (t) => {
  const { camera } = await started(t, 'v4l2', 'ok');
  const capture = await camera.capture(1, clock.nowNs() - 3e9, never);
  assert.ok(capture.kind === 'no-frame');
  assert.match(capture.reason, /^No frame was taken within 12\.0 ms of its moment: the nearest was \d+\.\d ms away/);
});

test('stream camera: with an external trigger frames belong by the set delay', async (t) => {
  const { source } = playedCamera('v4l2', 'ok');
  const delayMs = 7;
  const { camera } = rigOf(source, { externalTrigger: { delayMs }, windowMs: 0.49 * periodMs });
  t.after(() => camera.stop());
  await camera.start();
  // Which moments the frames fall on, the first that is found tells.
  let stampNs: number | undefined;
  for (let part = 1; stampNs === undefined && part < 3; part++) {
    const capture = await camera.capture(part, clock.nowNs(), never);
    if (capture.kind === 'frame') stampNs = capture.frame.sensorNs;
  }
  assert.ok(stampNs !== undefined);
  for (let part = 3; part < 8; part++) {
    const triggerNs = stampNs + (5 * part * periodMs - delayMs) * 1e6;
    const capture = await camera.capture(part, triggerNs, never);
    assert.ok(capture.kind === 'frame', capture.kind === 'frame' ? '' : capture.reason);
    assert.ok(Math.abs(capture.frame.sensorNs - triggerNs - delayMs * 1e6) < 1e6);
  }
});

test('stream camera: an external trigger that gives no frame three times in a row starts the camera anew', async (t) => {
  const { source, starts } = playedCamera('v4l2', 'silent');
  const { camera, states } = rigOf(source, { externalTrigger: { delayMs: 0 }, stallMs: 20 });
  t.after(() => camera.stop());
  await camera.start();
  for (let part = 1; part <= 3; part++) {
    const capture = await camera.capture(part, clock.nowNs(), never);
    assert.ok(capture.kind === 'no-frame' && capture.reason.includes('there is no other'));
  }
  await states.count(3, 'states');
  assert.ok(states.all[1]?.kind === 'failing' && states.all[1].message.includes('3 triggers in a row gave no frame'));
  assert.equal(starts(), 2);
});

test('stream camera: frames of another clock are refused', async () => {
  const { source } = playedCamera('v4l2', 'ok');
  const wall = {
    nowNs: () => clock.nowNs() + 1e12,
    wallMs: () => 0,
    at: (ns: number, act: () => void) => clock.at(ns - 1e12, act),
  };
  const { camera } = rigOf(source, { clock: wall });
  await assert.rejects(camera.start(), { message: /its times are -100\d\.\d s off the clock of this computer/ });
  await camera.stop();
});

test('stream camera: GStreamer itself, with its test picture', async (t) => {
  if (spawnSync('gst-launch-1.0', ['--version']).status !== 0)
    return notRun('GStreamer frames', 'gst-launch-1.0 is missing');
  const size = { widthPx: 320, heightPx: 240, framesPerSecond: playedRate };
  const caps = `video/x-raw,format=NV12,width=320,height=240,framerate=${playedRate}/1`;
  const elements = ['videotestsrc', 'is-live=true', 'pattern=white', '!', caps];
  const options = { sensor: 0, shutterUs: 1, gain: 1, whiteBalance: 1, latencyMs: 0 };
  const { camera } = rigOf(gstreamerSource({ ...options, ...size, elements }));
  t.after(() => camera.stop());
  await camera.start();
  const capture = await camera.capture(1, clock.nowNs(), never);
  assert.ok(capture.kind === 'frame', capture.kind === 'frame' ? '' : capture.reason);
  const { data } = capture.frame;
  assert.equal(data.length, 320 * 240 * 1.5);
  assert.ok(data.subarray(0, 320 * 240).every((luma) => luma > 230));
  assert.ok(data.subarray(320 * 240).every((chroma) => chroma === 128));
});
