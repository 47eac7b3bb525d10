import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mutations } from '../../test/support/mutate.ts';
import { assertSentence } from '../../test/support/sentence.ts';
import { LinegateError } from '../core/errors.ts';
import { checkDocument } from './read.ts';
import { stationSchema } from './station.ts';

const simulated = {
  schemaVersion: 1,
  station: 'line-3',
  recipe: 'machined-ring',
  stateFolder: 'state',
  line: { kind: 'simulator', partsPerSecond: 10, defectRate: 0.2, seed: 1, parts: 300, images: 'pictures' },
  camera: { kind: 'simulator' },
  classifier: { engine: 'onnx', maxPending: 8, hangMs: 2000 },
  pictures: { keep: 'rejects', maxMegabytes: 500 },
  ledger: { flushMs: 1000 },
  uplink: { kind: 'none' },
  shifts: ['06:00', '14:00', '22:00'],
  storage: { dropPicturesAt: 0.8, foldPassesAt: 0.9, whenFull: 'drop', ballastMegabytes: 8, ledgerMegabytes: 512 },
  alarms: {
    rejectsInARow: 5,
    unconfirmedInARow: 2,
    noVerdictShare: 0.05,
    cameraStalledMs: 5000,
    ledgerSlowMs: 2000,
    headroom: 0.1,
  },
  log: { level: 'info' },
};

const uplink = {
  kind: 'mqtt',
  url: 'mqtts://broker:8883',
  version: '5',
  username: 'line-3',
  passwordFile: 'password',
  caFile: 'ca.pem',
  certFile: 'line-3.pem',
  keyFile: 'line-3.key',
  parts: 'rejects',
};

const onDesk = {
  ...simulated,
  uplink,
  line: {
    kind: 'software',
    trigger: { kind: 'mqtt', url: 'mqtt://broker:1883', topic: 'line/3/part' },
    gate: { kind: 'onoff', gpio: 17, activeLevel: 'high' },
    calibration: 'calibration.yaml',
  },
  camera: { kind: 'node-libcamera', widthPx: 640, heightPx: 480 },
};

const watching = {
  ...onDesk,
  line: { ...onDesk.line, trigger: { kind: 'camera' }, gate: { kind: 'none' } },
  camera: { kind: 'folder', path: 'in', existing: 'skip', afterwards: 'leave' },
};

const pin = (line: string) => ({ chip: 'pinctrl-rp1', line, activeLevel: 'high' });
const sensor = (line: string) => ({ ...pin(line), bias: 'pull-up', debounceUs: 500 });

const gatekept = {
  ...simulated,
  line: {
    kind: 'gatekeeper',
    socket: '/run/lg.sock',
    ring: '/run/lg.ring',
    calibration: 'calibration.yaml',
    inputs: {
      trigger: sensor('GPIO17'),
      confirm: sensor('GPIO18'),
      encoderA: { ...pin('GPIO5'), bias: 'as-is' },
      encoderB: { ...pin('GPIO6'), bias: 'as-is' },
      binFull: sensor('GPIO19'),
    },
    outputs: { gate: pin('GPIO27'), ready: pin('GPIO22'), strobe: { ...pin('GPIO23'), delayUs: 10, widthUs: 90 } },
    heartbeatMs: 1000,
    lateUs: 2000,
    wakeEarlyUs: 5000,
    gateMaxMs: 1000,
    plcUs: 20_000,
    agentUid: 1000,
  },
  camera: { kind: 'node-libcamera', widthPx: 640, heightPx: 480 },
};

/** Fields that may be left out, by the documents above. */
const optional =
  /^(classifier|pictures|ledger|log|shifts|storage|alarms)(\.|$)|^uplink$|^uplink\.(version|username|passwordFile|caFile|certFile|keyFile|parts)$|^line\.(partsPerSecond|defectRate|seed|parts|images|gate\.activeLevel|socket|ring|heartbeatMs|lateUs|wakeEarlyUs|gateMaxMs|plcUs|agentUid)$|^line\.inputs\.(confirm|encoderB|binFull)$|^line\.outputs\.(ready|strobe)$|^line\.(in|out)puts\..*\.(activeLevel|bias|debounceUs|delayUs)$|^camera\.(widthPx|heightPx|existing|afterwards)$/;

function faultOf(document: unknown): LinegateError | undefined {
  try {
    checkDocument(document, 'station.yaml', stationSchema, 'bad-config');
    return undefined;
  } catch (error) {
    assert.ok(error instanceof LinegateError, String(error));
    return error;
  }
}

for (const [name, document] of Object.entries({ simulated, onDesk, watching, gatekept })) {
  test(`station.yaml: the ${name} station is accepted and frozen`, () => {
    const config = checkDocument(document, 'station.yaml', stationSchema, 'bad-config');
    assert.ok(Object.isFrozen(config) && Object.isFrozen(config.line));
    assert.deepEqual(config, document);
  });

  test(`station.yaml: every field of the ${name} station, mutated, is refused in one sentence that names it`, () => {
    let refused = 0;
    for (const { name: what, path, document: mutant } of mutations(document)) {
      const error = faultOf(mutant);
      if (error === undefined) {
        assert.ok(what.endsWith('missing') && optional.test(path), `${what} was accepted`);
        continue;
      }
      refused += 1;
      assert.equal(error.code, 'bad-config');
      assertSentence(error.message);
      const [section = ''] = path.split('.');
      assert.ok(error.message.includes(section), `${what}: "${error.message}" does not say where`);
    }
    assert.ok(refused > 80, `only ${refused} mutations were refused`);
  });
}

test('station.yaml: all faults are told at once', () => {
  const error = faultOf({ ...simulated, recipe: 7, ledger: { flushMs: -1 }, extra: true });
  assert.match(error?.message ?? '', /recipe is 7.*ledger\.flushMs is -1.*extra is not a known field/);
});

test('station.yaml: a folder camera and its trigger go together', () => {
  assert.match(faultOf({ ...watching, camera: onDesk.camera })?.message ?? '', /line\.trigger\.kind/);
  assert.match(faultOf({ ...simulated, camera: watching.camera })?.message ?? '', /camera\.kind/);
});

test('station.yaml: what is no mapping at all is refused', () => {
  for (const document of [null, undefined, 7, 'station', []]) assertSentence(faultOf(document)?.message ?? '');
});
