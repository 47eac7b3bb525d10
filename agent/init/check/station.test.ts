import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { assertSentence } from '../../../test/support/sentence.ts';
import type { Finding } from './findings.ts';
import { checkStation } from './station.ts';
import type { FileText, Surroundings } from './surroundings.ts';
import { parseYaml } from './yaml.ts';

const calibration = 'schemaVersion: 1\ndelayMs: 400\nwidthMs: 20\nrecoveryMs: 20\nleadMs: 10\ntriggerDeadMs: 10\n';
const good = `schemaVersion: 1
station: line-3
recipe: machined-ring
stateFolder: state
line:
  kind: gatekeeper
  calibration: calibration.yaml
  inputs:
    trigger: { chip: pinctrl-rp1, line: GPIO17 }
  outputs:
    gate: { chip: pinctrl-rp1, line: GPIO27 }
    ready:
      chip: pinctrl-rp1
      line: GPIO22
camera:
  kind: v4l2
  device: /dev/video0
  widthPx: 640
  heightPx: 480
  framesPerSecond: 30
uplink:
  kind: mqtt
  url: mqtts://broker:8883
  username: line-3
  passwordFile: password
`;
const files: Record<string, FileText> = {
  '/s/calibration.yaml': { kind: 'text', text: calibration },
  '/s/password': { kind: 'text', text: 'secret' },
};

function around(more: Readonly<Record<string, FileText>> = {}): Surroundings {
  return {
    read: (file) => ({ ...files, ...more })[file] ?? { kind: 'absent' },
    recipeFault: (recipe) => (recipe === 'machined-ring' ? null : `There is no recipe "${recipe}"; list them.`),
  };
}

/** Checks the good station after an exact change of its text. */
function check(changes: readonly (readonly [string, string])[], more?: Readonly<Record<string, FileText>>): Finding[] {
  let text = good;
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), `the station has no ${from}`);
    text = text.replace(from, to);
  }
  const findings = checkStation('/s/station.yaml', text, around(more));
  for (const { sentence } of findings) assertSentence(sentence);
  return findings;
}

const places = (findings: readonly Finding[]): string[] =>
  findings.map(({ level, field, line, column }) => `${level} ${field} ${line}:${column}`);

test('config check: a station that can run has no finding', () => {
  assert.deepEqual(check([]), []);
});

test('config check: all faults at once, each where it stands', () => {
  const findings = check([
    ['station: line-3', 'station: "line 3"'],
    ['recipe: machined-ring', 'recipe: cogs'],
    ['line: GPIO27', 'line: GPIO17'],
    ['      line: GPIO22', '      line: GPIO4'],
    ['  widthPx: 640', '  widthPx: 641\n  colour: 3'],
    ['  passwordFile: password', '  passwordFile: nothing'],
  ]);
  assert.deepEqual(places(findings), [
    'fault station 2:10',
    'fault recipe 3:9',
    'fault line.outputs.gate.line 11:38',
    'fault line.outputs.ready.line 14:13',
    'fault camera.widthPx 18:12',
    'fault camera.colour 19:3',
    'fault uplink.passwordFile 26:17',
  ]);
  const said = findings.map(({ sentence }) => sentence).join('\n');
  assert.match(said, /line\.outputs\.gate\.line is GPIO17, which line\.inputs\.trigger\.line uses too/);
  assert.match(said, /ready\.line is GPIO4, which a Raspberry Pi pulls up/);
  assert.match(said, /camera\.colour is not a known field/);
});

test('config check: what is missing is told where it is missing', () => {
  assert.deepEqual(places(check([['recipe: machined-ring\n', '']])), ['fault recipe 1:1']);
  const findings = check([['    gate: { chip: pinctrl-rp1, line: GPIO27 }\n', '']]);
  assert.deepEqual(places(findings), ['fault line.outputs.gate 10:3']);
});

test('config check: the calibration is checked with its own lines, and against the station', () => {
  const withCalibration = (text: string): Finding[] => check([], { '/s/calibration.yaml': { kind: 'text', text } });
  const wrong = withCalibration(calibration.replace('delayMs: 400', 'delayMs: long\nspeed: 3'));
  assert.deepEqual(
    wrong.map(({ file, line, column }) => `${file} ${line}:${column}`),
    ['/s/calibration.yaml 2:10', '/s/calibration.yaml 3:1'],
  );
  const early = withCalibration(calibration.replace('400', '30'));
  assert.deepEqual(places(early), ['fault delayMs 2:10'], 'a deadline that is before the gate can separate');
  const confirmed = withCalibration(`${calibration}confirmation: { fromMs: 10, toMs: 60 }\n`);
  assert.deepEqual(places(confirmed), ['fault line.calibration 7:16']);
  assert.match(confirmed[0]?.sentence ?? '', /line\.inputs has no confirm/);
  assert.deepEqual(
    places(withCalibration('a: [')).map((place) => place.slice(0, 7)),
    ['fault  '],
  );
});

test('config check: a calibration that is not there yet is a warning, one that cannot be read a fault', () => {
  assert.deepEqual(places(check([['calibration.yaml', 'later.yaml']])), ['warning line.calibration 7:16']);
  const found = check([], { '/s/calibration.yaml': { kind: 'unreadable', why: 'it is a folder' } });
  assert.deepEqual(places(found), ['fault line.calibration 7:16']);
});

test('config check: frames that come after the deadline', () => {
  assert.deepEqual(places(check([['framesPerSecond: 30', 'framesPerSecond: 1\n  stallMs: 3000']])), [
    'warning camera.framesPerSecond 20:20',
  ]);
  const external = 'framesPerSecond: 30\n  externalTrigger: { delayMs: 395 }';
  assert.deepEqual(places(check([['framesPerSecond: 30', external]])), ['fault camera.externalTrigger.delayMs 21:31']);
});

test('config check: outputs on a Raspberry Pi’s GPIO0 to GPIO8, and no others, are on at boot', () => {
  for (let bcm = 0; bcm <= 9; bcm += 1) {
    const found = places(check([['line: GPIO27', `line: GPIO${bcm}`]]));
    assert.deepEqual(found, bcm <= 8 ? ['fault line.outputs.gate.line 11:38'] : [], `GPIO${bcm}`);
  }
  assert.deepEqual(check([['line: GPIO17', 'line: GPIO4']]), [], 'an input may be');
});

test('config check: MQTT files and what belongs together', () => {
  const denied = check([], { '/s/password': { kind: 'denied', why: 'permission denied' } });
  assert.deepEqual(places(denied), ['warning uplink.passwordFile 25:17']);
  assert.deepEqual(places(check([], { '/s/password': { kind: 'text', text: '\n' } })), [
    'fault uplink.passwordFile 25:17',
  ]);
  assert.deepEqual(places(check([['mqtts://', 'mqtt://']])), ['warning uplink.url 23:8']);
  const half = check([['  passwordFile: password', '  certFile: password']]);
  assert.deepEqual(places(half), ['fault uplink.certFile 25:13']);
});

test('config check: line and camera that do not go together, also beside other faults', () => {
  const software = `schemaVersion: 1
station: "a b"
recipe: machined-ring
stateFolder: state
line: { kind: software, trigger: { kind: onoff, gpio: 17 }, gate: { kind: onoff, gpio: 17 }, calibration: calibration.yaml }
camera: { kind: folder, path: in }
`;
  const findings = checkStation('/s/station.yaml', software, around());
  assert.deepEqual(places(findings), [
    'fault station 2:10',
    'fault line.trigger.kind 5:42',
    'fault line.gate.gpio 5:88',
  ]);
  const mistyped = checkStation('/s/station.yaml', software.replace('"a b"', '[a]'), around());
  assert.deepEqual(
    mistyped.map(({ field }) => field),
    ['station', 'line.trigger.kind', 'line.gate.gpio'],
    'a field of another type hides nothing',
  );
  const counted = `schemaVersion: 2\nbase: encoder\nencoder: single\ndelayCounts: 400\nwidthCounts: 20\nrecoveryCounts: 20\nleadCounts: 10\ntriggerDeadCounts: 10\n`;
  const text = software
    .replace('"a b"', 'a')
    .replace('kind: onoff, gpio: 17', 'kind: camera')
    .replace('onoff, gpio: 17', 'none');
  const misfit = checkStation(
    '/s/station.yaml',
    text,
    around({ '/s/calibration.yaml': { kind: 'text', text: counted } }),
  );
  assert.deepEqual(
    places(misfit).map((place) => place.split(' ')[1]),
    ['line.calibration'],
  );
});

test('config check: text that is no YAML is told with its place', () => {
  assert.deepEqual(
    places(check([['line:\n', 'line\n']]))
      .map((place) => place.slice(0, 5))
      .slice(0, 1),
    ['fault'],
  );
  assert.deepEqual(places(check([['recipe: machined-ring', 'station: other']])), ['fault  3:1']);
  assert.match(checkStation('/s/x', 'a: 1\n---\nb: 2\n', around())[0]?.sentence ?? '', /several documents/);
  const bomb = `a: &a [x, x]\n${Array.from({ length: 9 }, (_, n) => `b${n}: &b${n} [${'*a, '.repeat(9)}]`).join('\n')}\n`;
  assert.equal(checkStation('/s/x', bomb, around())[0]?.level, 'fault');
});

test('config check: any text gets findings inside of it, never an exception', () => {
  const rows = good.split('\n');
  const text = fc
    .array(fc.oneof(fc.constantFrom(...rows), fc.string({ maxLength: 30 })), { maxLength: 40 })
    .map((each) => each.join('\n'));
  fc.assert(
    fc.property(text, (given) => {
      const lines = given.split('\n').length;
      for (const { line, column, sentence, file } of checkStation('/s/station.yaml', given, around())) {
        assert.ok(line >= 1 && column >= 1 && sentence.endsWith('.'));
        if (file === '/s/station.yaml') assert.ok(line <= lines + 1);
      }
    }),
    { numRuns: 300 },
  );
});

test('YAML positions: the value of a path begins where it is told to begin', () => {
  const value = fc.letrec((tie) => ({
    node: fc.oneof({ depthSize: 'small' }, fc.integer(), tie('map')),
    map: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('node'), { minKeys: 1, maxKeys: 4 }),
  }));
  fc.assert(
    fc.property(value.map, (document) => {
      const text = JSON.stringify(document, null, 2);
      const read = parseYaml(text);
      assert.equal(read.kind, 'read');
      if (read.kind !== 'read') return;
      for (const [key, inner] of Object.entries(document as Record<string, unknown>)) {
        const { line, column } = read.file.position([key], typeof inner === 'number' ? 'value' : 'key');
        const rest = (text.split('\n')[line - 1] ?? '').slice(column - 1);
        if (typeof inner === 'number') assert.equal(parse(rest.replace(/,$/, '')), inner);
        else assert.ok(rest.startsWith(`"${key}"`));
      }
    }),
    { numRuns: 100 },
  );
});
