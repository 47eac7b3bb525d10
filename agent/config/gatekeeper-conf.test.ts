import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { assertSentence } from '../../test/support/sentence.ts';
import { LinegateError } from '../core/errors.ts';
import { type Calibration, loadCalibration, readCalibration } from './calibration.ts';
import { type GatekeeperLineConfig, gatekeeperLineSchema } from './gatekeeper.ts';
import { confDigest, gatekeeperConf } from './gatekeeper-conf.ts';

const pin = (line: string) => ({ chip: 'pinctrl-rp1', line });

const smallest = {
  kind: 'gatekeeper',
  calibration: 'calibration.yaml',
  inputs: { trigger: { ...pin('GPIO17'), bias: 'pull-down' } },
  outputs: { gate: pin('GPIO27') },
};

const everything = {
  ...smallest,
  socket: '/run/lg.sock',
  ring: '/run/lg.ring',
  inputs: {
    ...smallest.inputs,
    confirm: { ...pin('GPIO5'), activeLevel: 'low' },
    encoderA: pin('GPIO6'),
    encoderB: { ...pin('GPIO7'), activeLevel: 'low' },
    partAtGate: pin('GPIO8'),
    binFull: { ...pin('GPIO9'), debounceUs: 20_000 },
    estopStatus: pin('GPIO10'),
  },
  outputs: {
    ...smallest.outputs,
    reviewGate: pin('GPIO22'),
    ready: { ...pin('GPIO23'), activeLevel: 'low' },
    strobe: { ...pin('GPIO24'), delayUs: 100, widthUs: 200 },
    cameraTrigger: { ...pin('GPIO25'), widthUs: 50 },
    plcBusy: pin('GPIO11'),
    plcOk: pin('GPIO12'),
    plcNg: pin('GPIO13'),
  },
  heartbeatMs: 500,
  lateUs: 1000,
  wakeEarlyUs: 0,
  gateMaxMs: 800,
  plcUs: 5000,
  agentUid: 1000,
};

const timed = { schemaVersion: 1, delayMs: 400, widthMs: 20, recoveryMs: 20, leadMs: 10, triggerDeadMs: 10 };
const counted = {
  schemaVersion: 2,
  base: 'encoder',
  encoder: 'quadrature',
  delayCounts: 4000,
  widthCounts: 200,
  recoveryCounts: 150,
  leadCounts: 100,
  triggerDeadCounts: 90,
  confirmation: { fromCounts: 300, toCounts: 600 },
  reviewGate: { delayCounts: 6000, widthCounts: 300 },
};

function calibrationOf(document: object): Calibration {
  return inFile(document, readCalibration);
}

function inFile<T>(document: object, read: (file: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'calibration-'));
  try {
    const file = path.join(folder, 'calibration.yaml');
    writeFileSync(file, stringify(document));
    return read(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const confOf = (line: object, calibration: object): string =>
  gatekeeperConf({
    station: 'line-3',
    line: gatekeeperLineSchema.parse(line) satisfies GatekeeperLineConfig,
    calibration: calibrationOf(calibration),
  });

function faultOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof LinegateError, String(error));
    assert.equal(error.code, 'bad-config');
    assertSentence(error.message);
    return error.message;
  }
  return assert.fail('it was accepted');
}

test('gatekeeper.conf: the smallest station', () => {
  assert.equal(
    confOf(smallest, timed),
    `station line-3
socket /run/linegate/gatekeeper.sock
ring /run/linegate/gatekeeper.ring
input trigger chip=pinctrl-rp1 line=GPIO17 active=high debounce-us=0 bias=pull-down
output gate chip=pinctrl-rp1 line=GPIO27 active=high
base time
delay 400000000
width 20000000
recovery 20000000
lead 10000000
trigger-dead 10000000
fail-safe eject
too-close eject-neighbour
confirm none
heartbeat-ms 1000
late-us 2000
wake-early-us 5000
gate-max-ms 1000
`,
  );
});

test('gatekeeper.conf: a station with everything', () => {
  const lines = confOf(everything, counted).split('\n');
  for (const expected of [
    'input confirm chip=pinctrl-rp1 line=GPIO5 active=low debounce-us=0 bias=as-is',
    'input encoder-b chip=pinctrl-rp1 line=GPIO7 active=low bias=as-is',
    'input bin-full chip=pinctrl-rp1 line=GPIO9 active=high debounce-us=20000 bias=as-is',
    'output ready chip=pinctrl-rp1 line=GPIO23 active=low',
    'base encoder',
    'encoder quadrature',
    'delay 4000',
    'gate2-delay 6000',
    'gate2-width 300',
    'gate2-recovery 150',
    'confirm ejected',
    'confirm-from 300',
    'confirm-to 600',
    'strobe-delay-us 100',
    'strobe-width-us 200',
    'camera-trigger-delay-us 0',
    'plc-us 5000',
    'agent-uid 1000',
  ]) {
    assert.ok(lines.includes(expected), `"${expected}" is missing`);
  }
});

test('gatekeeper.conf: all that the two files disagree about is told at once', () => {
  const withConfirm = { ...everything, inputs: { ...everything.inputs, encoderB: undefined, encoderA: undefined } };
  const fault = faultOf(() => confOf(withConfirm, counted));
  assert.match(fault, /has no encoderA; .*has no encoderB/);
  assert.match(
    faultOf(() => confOf(everything, timed)),
    /no confirmation; .*reviewGate/,
  );
  assert.match(
    faultOf(() => confOf(everything, { ...counted, encoder: 'single' })),
    /single channel/,
  );
});

test('gatekeeper.conf: figures that cannot work together are refused, in the words of their file', () => {
  assert.match(
    faultOf(() => confOf(smallest, { ...timed, delayMs: 40 })),
    /delayNs/,
  );
  const short = faultOf(() => confOf(everything, { ...counted, delayCounts: 400 }));
  assert.match(short, /delayCounts, 400, .*widthCounts \+ recoveryCounts/);
  const nearer = { ...counted, reviewGate: { delayCounts: 3999 } };
  assert.match(
    faultOf(() => confOf(everything, nearer)),
    /reviewGate is nearer/,
  );
  const wide = { ...counted, reviewGate: { delayCounts: 6000, widthCounts: 5000, recoveryCounts: 1000 } };
  const fault = faultOf(() => confOf(everything, wide));
  assert.match(fault, /^Of the reviewGate: .*delayCounts, 6000, .*widthCounts \+ recoveryCounts/);
  const ms = calibrationOf({
    ...timed,
    schemaVersion: 2,
    base: 'time',
    reviewGate: { delayMs: 500, widthMs: 30, recoveryMs: 5 },
  });
  assert.deepEqual(ms.reviewGate, { delay: 500e6, width: 30e6, recovery: 5e6 });
});

test('station.yaml: a gatekeeper’s lines are each used once, and every fault is told', () => {
  const twice = { ...smallest, outputs: { gate: pin('GPIO17'), ready: pin('GPIO17') } };
  const { error } = gatekeeperLineSchema.safeParse(twice);
  assert.deepEqual(
    error?.issues.map(({ path: where }) => where.join('.')),
    ['outputs.gate.line', 'outputs.ready.line'],
  );
  const alone = { ...smallest, inputs: { ...smallest.inputs, encoderB: pin('GPIO6') } };
  assert.match(gatekeeperLineSchema.safeParse(alone).error?.message ?? '', /encoderA/);
});

test('calibration: version 1 knows no base, version 2 needs one, and a line without a gatekeeper has the time only', () => {
  assert.match(
    faultOf(() => calibrationOf({ ...timed, base: 'time' })),
    /base is not a known field/,
  );
  assert.match(
    faultOf(() => calibrationOf({ ...timed, schemaVersion: 2 })),
    /base is missing/,
  );
  assert.match(
    faultOf(() => calibrationOf({ ...timed, schemaVersion: 3 })),
    /schemaVersion is 3/,
  );
  assert.equal(calibrationOf({ ...timed, schemaVersion: 2, base: 'time' }).delay, 400e6);
  assert.equal(inFile(timed, loadCalibration).delayNs, 400e6);
  assert.match(
    faultOf(() => inFile(counted, loadCalibration)),
    /only the gatekeeper can/,
  );
});

test('gatekeeper.conf: its digest is FNV-1a', () => {
  // The vectors of the algorithm's authors.
  assert.equal(confDigest(''), 0xcbf29ce484222325n);
  assert.equal(confDigest('a'), 0xaf63dc4c8601ec8cn);
  assert.equal(confDigest('foobar'), 0x85944171f73967e8n);
});
