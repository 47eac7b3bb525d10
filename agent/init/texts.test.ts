import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { assertSentence } from '../../test/support/sentence.ts';
import { LinegateError } from '../core/errors.ts';
import { piHeader } from '../doctor/testing/chips.ts';
import { boardNames, boards, inputRoles, outputRoles } from './boards.ts';
import { cameraKinds } from './camera-config.ts';
import { checkStation } from './check/station.ts';
import type { Surroundings } from './check/surroundings.ts';
import { type Choices, choicesFrom, type Said } from './choices.ts';
import { firstCalibration } from './first-calibration.ts';
import type { Found } from './look.ts';
import { calibrationFile, stationText } from './station-text.ts';

const nothing: Found = {
  model: null,
  board: null,
  chips: { kind: 'unknown', why: 'it is not installed' },
  v4l2: [],
  rpicam: { installed: false, sensors: [] },
  gstreamer: false,
};

function around(choices: Choices): Surroundings {
  const text = firstCalibration(choices);
  const file = calibrationFile(choices.stateFolder);
  return {
    read: (path) => (path === file && text !== null ? { kind: 'text', text } : { kind: 'absent' }),
    recipeFault: () => null,
  };
}

const lineNames = [...new Set(Object.values(boards).flatMap(({ header }) => Object.keys(header)))];
const lineSaid = fc.oneof(
  { weight: 24, arbitrary: fc.constantFrom('auto', 'none') },
  { weight: 1, arbitrary: fc.constantFrom(...lineNames, '17', '27', '99') },
);
const needed = fc.constantFrom('auto', 'auto', 'auto', '17', 'PQ.05');
const optionalRoles = [...inputRoles, ...outputRoles].filter((role) => role !== 'trigger' && role !== 'gate');
const lines = fc.record(
  { trigger: needed, gate: needed, ...Object.fromEntries(optionalRoles.map((role) => [role, lineSaid])) },
  { requiredKeys: [] },
) as fc.Arbitrary<Said['lines']>;
const camera = fc.record({
  device: fc.constantFrom('/dev/video0', '/dev/v4l/by-id/usb: "odd" # name'),
  card: fc.string({ maxLength: 20 }),
  format: fc.constantFrom('nv12', 'yuyv', 'grey', 'rgb'),
  widthPx: fc.integer({ min: 8, max: 2048 }).map((half) => half * 2),
  heightPx: fc.integer({ min: 8, max: 2048 }).map((half) => half * 2),
  framesPerSecond: fc.double({ min: 2, max: 1000, noNaN: true }),
  controls: fc.array(fc.string({ maxLength: 20 }), { maxLength: 20 }),
});
const found = fc.record({
  ...{ model: fc.constant(null), board: fc.constant(null), chips: fc.constant(nothing.chips) },
  v4l2: fc.array(camera, { maxLength: 2 }),
  rpicam: fc.constant(nothing.rpicam),
  gstreamer: fc.boolean(),
}) as fc.Arbitrary<Found>;
const said = fc.record(
  {
    board: fc.constantFrom(...boardNames),
    camera: fc.constantFrom(...cameraKinds),
    name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,20}$/),
    stateFolder: fc.constantFrom('/var/lib/linegate/x', '/srv/odd: name #1'),
    lines,
    delayMs: fc.double({ min: 40, max: 3_600_000, noNaN: true }),
    delayCounts: fc.integer({ min: 40, max: 1_000_000_000 }),
  },
  { requiredKeys: ['board', 'lines'] },
);

test('init: whatever is chosen, the file passes the check or one sentence says why there is none', () => {
  let written = 0;
  let calibrated = 0;
  const given = fc.tuple(said, found, fc.integer({ min: 0, max: 3 }));
  fc.assert(
    fc.property(given, ([each, there, delays]) => {
      const { delayMs, delayCounts, ...rest } = each;
      let choices: Choices;
      try {
        const counts = delays & 2 ? delayCounts : undefined;
        choices = choicesFrom({ ...rest, delayMs: delays & 1 ? delayMs : undefined, delayCounts: counts }, there);
      } catch (error) {
        assert.ok(error instanceof LinegateError, String(error));
        assert.equal(error.code, 'bad-argument');
        assertSentence(error.message);
        return;
      }
      written += 1;
      if (choices.delay !== null) calibrated += 1;
      const text = stationText(choices, 'station.yaml');
      const faults = checkStation('/s/station.yaml', text, around(choices)).filter(({ level }) => level === 'fault');
      assert.deepEqual(faults, [], text);
    }),
    { numRuns: 1500 },
  );
  // About 225 and 90 of 1,500 on the average: so few that chance alone never comes near.
  assert.ok(written > 100 && calibrated > 30, `${written} written, ${calibrated} with a calibration`);
});

for (const board of boardNames) {
  for (const kind of cameraKinds) {
    test(`init: ${board} with ${kind}, and with every line`, () => {
      const all = Object.fromEntries([...inputRoles, ...outputRoles].map((role) => [role, 'auto']));
      const impossible =
        (board === 'simulator' && kind !== 'simulator') ||
        (kind === 'gstreamer' && board !== 'orin') ||
        (kind === 'rpicam' && board === 'orin');
      for (const each of board === 'simulator' ? [{}] : [{}, all]) {
        const make = (): Choices => choicesFrom({ board, camera: kind, lines: each }, nothing);
        if (impossible) {
          assert.throws(make, /give --camera/);
          continue;
        }
        const text = stationText(make(), 'station.yaml');
        const findings = checkStation('/s/station.yaml', text, around(make()));
        assert.deepEqual(
          findings.map(({ level, field }) => `${level} ${field}`),
          board === 'simulator' ? [] : ['warning line.calibration'],
        );
      }
    });
  }
}

test('init: every field of the file has its comment, and the pins of the header stand at the lines', () => {
  const choices = choicesFrom({ board: 'pi5', camera: 'rpicam', lines: { confirm: 'auto', strobe: '12' } }, nothing);
  const rows = stationText(choices, '/etc/linegate/station.yaml').split('\n');
  assert.equal(rows[0], '# yaml-language-server: $schema=/usr/share/linegate/schema/station.json');
  const bare = rows.filter((row, at) => /^\s*\w+:/.test(row) && !/ # /.test(row) && !/^\s*# /.test(rows[at - 1] ?? ''));
  assert.deepEqual(bare, []);
  assert.ok(rows.some((row) => /trigger: \{ chip: pinctrl-rp1, line: GPIO17, .*\} # pin 11 of the header$/.test(row)));
  assert.ok(rows.some((row) => /strobe: \{ .*line: GPIO12, .*widthUs: 1000 \} # pin 32/.test(row)));
  assert.ok(Math.max(...rows.map((row) => row.length)) <= 140);
});

test('init: inputs are as the wiring guide draws them', () => {
  const all = Object.fromEntries(inputRoles.map((role) => [role, 'auto']));
  const text = stationText(choicesFrom({ board: 'pi5', lines: all }, nothing), 'station.yaml');
  const { inputs } = (parse(text) as { line: { inputs: Record<string, { activeLevel: string; bias: string }> } }).line;
  const guide = readFileSync(new URL('../../docs/wiring.md', import.meta.url), 'utf8');
  const [, level, bias] = /`trigger: \{ .*activeLevel: (\w+), bias: ([\w-]+) \}`/.exec(guide) ?? [];
  const [, stopLevel, stopBias] = /`estopStatus`, here\s+`activeLevel: (\w+), bias: ([\w-]+)`/.exec(guide) ?? [];
  for (const role of ['trigger', 'confirm', 'partAtGate', 'binFull'])
    assert.deepEqual([inputs[role]?.activeLevel, inputs[role]?.bias], [level, bias], role);
  assert.deepEqual([inputs['estopStatus']?.activeLevel, inputs['estopStatus']?.bias], [stopLevel, stopBias]);
  assert.deepEqual([level, stopLevel], ['low', 'high']);
});

test('init: one of several stations has the files of its own units', () => {
  const choices = choicesFrom(
    { board: 'pi5', camera: 'rpicam', cameraNumber: 1, instance: 'left', lines: {} },
    nothing,
  );
  const text = stationText(choices, '/etc/linegate/left.yaml');
  const { station, stateFolder, line, camera: own } = parse(text) as Record<string, Record<string, unknown>>;
  assert.deepEqual([station, stateFolder, own?.['camera']], ['left', '/var/lib/linegate/left/state', 1]);
  assert.equal(line?.['calibration'], '/var/lib/linegate/left/state/calibration.yaml');
  const units = ['gatekeeper@', '@'].map((name) =>
    readFileSync(new URL(`../../systemd/linegate${name === '@' ? '' : '-'}${name}.service`, import.meta.url), 'utf8'),
  );
  assert.match(units[0] ?? '', /^RuntimeDirectory=linegate\/%i$/m);
  assert.match(units[1] ?? '', /^StateDirectory=linegate\/%i$/m);
  assert.deepEqual(
    [line?.['socket'], line?.['ring']],
    ['/run/linegate/left/gatekeeper.sock', '/run/linegate/left/gatekeeper.ring'],
  );
  assert.match(text, /\/run\/credentials\/linegate@left\.service\/mqtt-password/);
  assert.match(text, /\/etc\/linegate\/credentials\/left\/mqtt-password/);
  const faults = checkStation('/etc/linegate/left.yaml', text, around(choices)).filter(
    ({ level }) => level === 'fault',
  );
  assert.deepEqual(faults, []);
});

test('init: what is proposed is different everywhere, is on the header, and is off while a Pi boots', () => {
  for (const { proposal, header, chip } of Object.values(boards)) {
    const all = Object.values(proposal);
    assert.equal(new Set(all).size, inputRoles.length + outputRoles.length);
    for (const line of all) assert.ok(header[line] !== undefined, line);
    assert.equal(new Set(Object.values(header)).size, Object.keys(header).length);
    if (!chip.startsWith('pinctrl')) continue;
    for (const role of outputRoles) assert.ok(Number(proposal[role].replace('GPIO', '')) > 8);
    for (const line of all) assert.ok(piHeader.includes(line));
  }
});

test('init: outputs on pins that are on at boot, lines twice and lines that are not there are refused', () => {
  const refuses = (given: Partial<Said>, about: RegExp, there: Found = nothing): void =>
    assert.throws(() => choicesFrom({ board: 'pi4', lines: {}, ...given }, there), about);
  for (let bcm = 0; bcm <= 8; bcm += 1) refuses({ lines: { gate: `${bcm}` } }, /pulls up while it boots/);
  assert.equal(choicesFrom({ board: 'pi4', lines: { trigger: '4' } }, nothing).lines.trigger, 'GPIO4');
  refuses(
    { lines: { gate: '17', trigger: 'GPIO17' } },
    /GPIO17 of --gate is given to something else|GPIO17 of --trigger is given/,
  );
  refuses({ lines: { gate: '40' } }, /has no line "40"/);
  refuses({ lines: { gate: 'none' } }, /needs its gate/);
  refuses({ lines: { encoderB: 'auto' } }, /--encoder-a/);
  refuses({ board: undefined }, /says no model/);
  refuses({ board: 'pi3' }, /no board "pi3"/);
  refuses({ name: 'a b' }, /cannot be named/);
  refuses({ delayCounts: 100 }, /Counts need an encoder/);
  refuses({ delayMs: 5 }, /from 40 to/);
  refuses({ camera: 'v4l2', cameraNumber: 1 }, /--camera-number is for rpicam and gstreamer/);
  refuses({ camera: 'rpicam', cameraNumber: 1.5 }, /no camera number 1\.5/);
  const held = { offset: 0, name: 'GPIO17', consumer: 'other', used: true, direction: 'input' } as const;
  const chip = { device: '/dev/gpiochip0', label: 'pinctrl-bcm2711', lines: [held] };
  const there: Found = { ...nothing, chips: { kind: 'known', chips: [chip], refused: [] } };
  refuses({}, /GPIO17, which is for trigger, is held by "other"/, there);
  refuses({ lines: { trigger: '18' } }, /has no line GPIO18 for trigger/, there);
});

test('init: a proposal gives way to a line that somebody named', () => {
  const { lines: chosen } = choicesFrom({ board: 'pi4', lines: { trigger: '27' } }, nothing);
  assert.equal(chosen.trigger, 'GPIO27');
  assert.ok(chosen.gate !== undefined && chosen.gate !== 'GPIO27' && chosen.gate !== chosen.ready);
});

test('init: the first calibration holds what was said and no more figures than the station has lines for', () => {
  const plain = choicesFrom({ board: 'pi4', delayMs: 400, lines: {} }, nothing);
  const read: Record<string, unknown> = parse(firstCalibration(plain) ?? '');
  assert.deepEqual(
    [read['base'], read['delayMs'], read['confirmation'], read['reviewGate']],
    ['time', 400, undefined, undefined],
  );
  const counted = choicesFrom(
    { board: 'pi4', delayCounts: 900, lines: { encoderA: 'auto', confirm: 'auto' } },
    nothing,
  );
  const counts: Record<string, unknown> = parse(firstCalibration(counted) ?? '');
  assert.deepEqual([counts['base'], counts['encoder'], counts['delayCounts']], ['encoder', 'single', 900]);
  assert.equal(firstCalibration(choicesFrom({ board: 'pi4', lines: {} }, nothing)), null);
});
