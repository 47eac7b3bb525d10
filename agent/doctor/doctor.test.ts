import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../test/support/folders.ts';
import { assertSentence } from '../../test/support/sentence.ts';
import { checkIds, examine } from './doctor.ts';
import type { Finding, FindingState } from './finding.ts';
import type { Tools } from './look.ts';
import type { Computer } from './testing/computer.ts';
import { jetsonOrin, oldPc, pi4, pi5, zero2W } from './testing/computers.ts';
import { gatekeeperStation } from './testing/stations.ts';
import { toolsFor } from './testing/tools.ts';

async function states(tools: Tools): Promise<{ findings: Finding[]; by: Record<string, FindingState> }> {
  const findings = await examine(tools);
  for (const { sentence, whatToDo, state } of findings) {
    assertSentence(sentence);
    if (whatToDo !== null) assertSentence(whatToDo);
    if (state === 'fail' || state === 'warn') assert.notEqual(whatToDo, null, sentence);
  }
  assert.deepEqual(
    findings.map(({ id }) => id),
    checkIds,
  );
  return { findings, by: Object.fromEntries(findings.map(({ id, state }) => [id, state])) };
}

const machines: readonly (readonly [string, Computer, Readonly<Record<string, FindingState>>])[] = [
  [
    'Raspberry Pi 4',
    pi4,
    {
      kernel: 'ok',
      memory: 'ok',
      swap: 'ok',
      temperature: 'ok',
      throttling: 'ok',
      power: 'ok',
      governor: 'ok',
      clock: 'ok',
      rtc: 'warn',
      'gpio-chips': 'ok',
      'gpio-access': 'ok',
      persistence: 'warn',
      'camera-access': 'ok',
    },
  ],
  [
    'Raspberry Pi 5',
    pi5,
    { kernel: 'ok', swap: 'ok', throttling: 'warn', clock: 'ok', rtc: 'ok', 'gpio-chips': 'ok', persistence: 'ok' },
  ],
  [
    'Raspberry Pi Zero 2 W',
    zero2W,
    {
      kernel: 'ok',
      memory: 'fail',
      swap: 'warn',
      temperature: 'warn',
      throttling: 'fail',
      power: 'warn',
      governor: 'warn',
      clock: 'warn',
      rtc: 'warn',
      'gpio-chips': 'warn',
      'gpio-access': 'fail',
      realtime: 'warn',
    },
  ],
  [
    'Jetson Orin',
    jetsonOrin,
    { kernel: 'ok', temperature: 'ok', throttling: 'not-run', clock: 'ok', persistence: 'warn' },
  ],
  [
    'old PC',
    oldPc,
    { kernel: 'fail', 'gpio-chips': 'ok', 'gpio-access': 'not-run', persistence: 'not-run', swap: 'ok' },
  ],
];

for (const [name, computer, expected] of machines) {
  test(`doctor: a ${name} without a station, every finding a sentence`, async () => {
    const { by } = await states(toolsFor(computer));
    const found = Object.fromEntries(Object.keys(expected).map((id) => [id, by[id]]));
    assert.deepEqual(found, expected);
    assert.equal(by['ledger'], 'not-run');
  });
}

test('doctor: the same with a station that wants lines of a Raspberry Pi 4', async (t) => {
  const wants = gatekeeperStation(temporaryFolder(t));
  for (const [name, computer] of machines) {
    const { by } = await states(toolsFor(computer, { wants }));
    const there = name === 'Raspberry Pi 4';
    assert.equal(by['lines'] === 'ok', there, name);
    assert.equal(by['gatekeeper'], 'fail', name);
  }
});

test('doctor: --only runs one check, and one that breaks off or throws is a finding', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(path.join(folder, 'state'));
  const wants = gatekeeperStation(folder);
  const told: string[] = [];
  const tools = toolsFor(pi4, { wants, probes: { writes: () => Promise.reject(new Error('boom')) } });
  const [finding, ...more] = await examine(tools, 'disk-write', ({ id }) => told.push(id));
  assert.deepEqual(more, []);
  assert.deepEqual(told, ['disk-write']);
  assert.equal(finding?.state, 'not-run');
  assert.match(finding?.sentence ?? '', /boom/);
  assertSentence(finding?.sentence ?? '');
});

test('doctor: a check that never ends is left, and said to be', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const wants = gatekeeperStation(temporaryFolder(t));
  const looking = examine(
    toolsFor(pi4, { wants, probes: { writes: () => new Promise(() => undefined) } }),
    'disk-write',
  );
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  t.mock.timers.tick(40_000);
  const [finding] = await looking;
  assert.equal(finding?.state, 'not-run');
  assert.match(finding?.sentence ?? '', /not done after 30 s/);
});
