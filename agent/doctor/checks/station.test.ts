import assert from 'node:assert/strict';
import { test } from 'node:test';
import { find } from '../../../test/support/doctor-finding.ts';
import { temporaryFolder } from '../../../test/support/folders.ts';
import type { StationStatus } from '../../ports/status.ts';
import type { BrokerLook, CameraLook, ModelLook, StationLook } from '../probes.ts';
import { pi4 } from '../testing/computers.ts';
import { gatekeeperStation } from '../testing/stations.ts';
import { goodProbes, toolsFor } from '../testing/tools.ts';

const uplink = { kind: 'mqtt', url: 'mqtts://broker.plant:8883' };

function runs(status: Partial<StationStatus>): () => Promise<StationLook> {
  return async () => ({ kind: 'running', status: status as StationStatus });
}

test('broker: every step that can fail says what to do', async (t) => {
  const wants = gatekeeperStation(temporaryFolder(t), { more: { uplink } });
  const good = await goodProbes.broker({ ...uplink, kind: 'mqtt', version: '5', parts: 'all' }, 'press');
  const look = (answer: Partial<BrokerLook>) =>
    find('broker', toolsFor(pi4, { wants, probes: { broker: async () => ({ ...good, ...answer }) } }));
  assert.equal((await look({})).state, 'ok');
  for (const step of ['files', 'name', 'tcp', 'tls', 'login', 'publish'] as const) {
    const finding = await look({ failed: { step, detail: 'no answer within 4 s' } });
    assert.deepEqual([finding.state, finding.figures['publish']], ['fail', 'allowed']);
  }
  assert.match((await look({ publish: 'refused' })).whatToDo ?? '', /allow this user to write/);
  assert.match((await look({ publish: 'unknown' })).sentence, /cannot be told with MQTT 3\.1\.1/);
  assert.equal((await look({ ms: { login: 3000 } })).state, 'warn');
  const none = gatekeeperStation(temporaryFolder(t));
  assert.equal((await find('broker', toolsFor(pi4, { wants: none }))).state, 'not-run');
});

test('camera: in order, another size, lost frames, failed, held, and left alone where a station runs', async (t) => {
  const camera = { kind: 'v4l2', device: '/dev/video0', widthPx: 640, heightPx: 480, framesPerSecond: 30 };
  const wants = gatekeeperStation(temporaryFolder(t), { more: { camera } });
  const good = await goodProbes.camera({ kind: 'simulator' }, 3);
  assert.equal(good.kind, 'seen');
  const look = (answer: CameraLook) => find('camera', toolsFor(pi4, { wants, probes: { camera: async () => answer } }));
  const fine = await look(good);
  assert.deepEqual([fine.state, fine.figures['perSecond']], ['ok', 30]);
  assert.equal((await look({ ...good, missed: 2 } as CameraLook)).state, 'warn');
  assert.equal((await look({ ...good, frames: 45 } as CameraLook)).state, 'warn');
  assert.equal((await look({ ...good, widthPx: 320 } as CameraLook)).state, 'fail');
  assert.equal((await look({ kind: 'failed', detail: 'The camera /dev/video0 is gone.' })).state, 'fail');
  assert.equal((await look({ kind: 'busy', detail: 'The camera /dev/video0 is held.' })).state, 'not-run');
  const never = async (): Promise<CameraLook> => assert.fail('the camera of a running station was opened');
  const telling = (state: 'ok' | 'failing') => ({ camera: { state, detail: null } });
  const beside = (state: 'ok' | 'failing') =>
    find('camera', toolsFor(pi4, { wants, probes: { camera: never, station: runs(telling(state)) } }));
  assert.equal((await beside('ok')).state, 'ok');
  assert.equal((await beside('failing')).state, 'fail');
  const detail = 'The station in state does not tell its status (EACCES): look at its log.';
  const silent = async (): Promise<StationLook> => ({ kind: 'silent', detail });
  const locked = await find('camera', toolsFor(pi4, { wants, probes: { camera: never, station: silent } }));
  assert.deepEqual([locked.state, locked.sentence], ['not-run', detail]);
});

test('model: digest and operators of a recipe, and a recipe that is not there', async (t) => {
  const wants = gatekeeperStation(temporaryFolder(t));
  assert.equal((await find('model', toolsFor(pi4, { wants }))).state, 'ok');
  const operators = await find('model-operators', toolsFor(pi4, { wants }));
  assert.deepEqual(operators.figures, { int8: 11, float: 0, floatOperators: [] });
  const lost = gatekeeperStation(temporaryFolder(t), { more: { recipe: 'nowhere' } });
  assert.equal((await find('model', toolsFor(pi4, { wants: lost }))).state, 'fail');
  assert.equal((await find('model-speed', toolsFor(pi4, { wants: lost }))).state, 'not-run');
});

test('model-speed: against the deadline, or by the running station, beside which no model is loaded', async (t) => {
  const wants = gatekeeperStation(temporaryFolder(t));
  const look = async (ms: number) => {
    const answer: ModelLook = { kind: 'times', ms: [1, ms], engine: 'onnxruntime' };
    return (await find('model-speed', toolsFor(pi4, { wants, probes: { model: async () => answer } }))).state;
  };
  assert.deepEqual([await look(100), await look(250), await look(400)], ['ok', 'warn', 'fail']);
  const never = async (): Promise<ModelLook> => assert.fail('a model was loaded beside a running station');
  const silent = async (): Promise<StationLook> => ({
    kind: 'silent',
    detail: 'The station does not tell its status.',
  });
  const locked = await find('model-speed', toolsFor(pi4, { wants, probes: { model: never, station: silent } }));
  assert.equal(locked.state, 'not-run');
  const station = runs({ latencyMs: { p50: 20, p99: 300 } });
  const beside = await find('model-speed', toolsFor(pi4, { wants, probes: { model: never, station } }));
  assert.deepEqual([beside.state, beside.figures['deadlineMs'], beside.figures['running']], ['warn', 390, true]);
});
