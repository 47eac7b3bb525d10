import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { toolMissing } from '../../test/support/not-run.ts';
import { LinegateError } from '../core/errors.ts';
import { buildLinuxPrograms } from '../native/linux/programs.ts';
import type { Calibration } from './calibration.ts';
import { gatekeeperLineSchema } from './gatekeeper.ts';
import { confDigest, gatekeeperConf } from './gatekeeper-conf.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'gatekeeper-check-'));
after(() => rmSync(folder, { recursive: true }));

/** The real program; undefined without a compiler. */
function build(): string | undefined {
  if (process.platform !== 'linux' || (process.arch !== 'x64' && process.arch !== 'arm64')) return undefined;
  try {
    buildLinuxPrograms({ arch: process.arch, folder });
    return path.join(folder, 'linegate-gatekeeper');
  } catch (error) {
    if (error instanceof LinegateError && error.code === 'missing-package') return undefined;
    throw error;
  }
}

const pin = (line: string) => ({ chip: 'pinctrl-rp1', line });

const timed: Calibration = {
  base: 'time',
  encoder: undefined,
  delay: 400e6,
  width: 20e6,
  recovery: 20e6,
  lead: 10e6,
  triggerDead: 10e6,
  failSafe: 'stop-line',
  tooClose: 'escape',
  confirmation: undefined,
  reviewGate: undefined,
};

const smallest = { kind: 'gatekeeper', calibration: 'c', inputs: { trigger: pin('A') }, outputs: { gate: pin('B') } };

const largest = {
  ...smallest,
  inputs: {
    trigger: { ...pin('A'), bias: 'pull-up', debounceUs: 5, activeLevel: 'low' },
    confirm: pin('C'),
    encoderA: { ...pin('D'), bias: 'disabled' },
    encoderB: pin('E'),
    partAtGate: pin('F'),
    binFull: pin('G'),
    estopStatus: { ...pin('H'), debounceUs: 1_000_000 },
  },
  outputs: {
    gate: pin('B'),
    reviewGate: pin('I'),
    ready: pin('J'),
    strobe: { ...pin('K'), widthUs: 1 },
    cameraTrigger: { ...pin('L'), delayUs: 1_000_000, widthUs: 1_000_000 },
    plcBusy: pin('M'),
    plcOk: pin('N'),
    plcNg: pin('"O$~'),
  },
  agentUid: 4_294_967_294,
};

const counted: Calibration = {
  ...timed,
  base: 'encoder',
  encoder: 'quadrature-reversed',
  delay: 4000,
  width: 200,
  recovery: 150,
  lead: 100,
  triggerDead: 90,
  confirmation: { from: 0, to: 600 },
  reviewGate: { delay: 6000, width: 300, recovery: 40 },
};

test('gatekeeper.conf: the program takes what is written here, and has the same digest for it', () => {
  const program = build();
  if (program === undefined) {
    toolMissing('the gatekeeper’s own check of gatekeeper.conf', 'clang-19');
    return;
  }
  const cases = [
    { line: smallest, calibration: timed },
    { line: largest, calibration: counted },
    {
      line: { ...largest, outputs: { gate: pin('B') } },
      calibration: { ...counted, encoder: 'quadrature', reviewGate: undefined },
    },
  ] as const;
  for (const { line, calibration } of cases) {
    const text = gatekeeperConf({ station: 'line-3', line: gatekeeperLineSchema.parse(line), calibration });
    const file = path.join(folder, 'gatekeeper.conf');
    writeFileSync(file, text);
    const checked: SpawnSyncReturns<string> = spawnSync(program, ['--conf', file, '--check'], { encoding: 'utf8' });
    assert.equal(checked.status, 0, `${checked.stderr}\n${text}`);
    assert.ok(checked.stdout.includes(confDigest(text).toString(16).padStart(16, '0')), checked.stdout);
  }
});
