import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { writeGatekeeperConf } from '../../../cli/gatekeeper-conf.ts';
import { checkout } from '../../support/cli.ts';
import { nodeFlags } from '../../support/node-flags.ts';

const chip = 'lab-header';
const input = (line: string) => ({ chip, line, bias: 'pull-down' });
const rules = { failSafe: 'eject', tooClose: 'eject-neighbour' };

/** What a station has before anybody measured. */
const timed = {
  ...{ schemaVersion: 2, base: 'time', delayMs: 500, widthMs: 20, recoveryMs: 20, leadMs: 10, triggerDeadMs: 10 },
  ...rules,
  confirmation: { fromMs: 0, toMs: 500 },
};
const counted = {
  ...{ schemaVersion: 2, base: 'encoder', encoder: 'quadrature', delayCounts: 500, widthCounts: 20 },
  ...{ recoveryCounts: 20, leadCounts: 10, triggerDeadCounts: 10 },
  ...rules,
};

/** A station's files in a folder of its own. */
export class LabStation {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'commission-'));
  readonly file = path.join(this.folder, 'station.yaml');
  readonly calibration = path.join(this.folder, 'calibration.yaml');
  readonly conf = path.join(this.folder, 'gatekeeper.conf');
  readonly socket = path.join(this.folder, 'socket');
  readonly figures = path.join(this.folder, 'figures.json');

  constructor(base: 'time' | 'encoder') {
    mkdirSync(path.join(this.folder, 'state'));
    const common = { trigger: input('TRIGGER'), partAtGate: input('BIN_FULL') };
    const encoder = { encoderA: input('ENCODER'), encoderB: input('ENCODER_B') };
    const inputs = base === 'time' ? { ...common, confirm: input('CONFIRM') } : { ...common, ...encoder };
    const line = {
      kind: 'gatekeeper',
      socket: this.socket,
      ring: path.join(this.folder, 'ring'),
      calibration: 'calibration.yaml',
      inputs,
      outputs: { gate: { chip, line: 'REJECT' }, ready: { chip, line: 'READY' } },
    };
    const rest = { recipe: 'machined-ring', stateFolder: 'state', camera: { kind: 'simulator' } };
    writeFileSync(this.file, stringify({ schemaVersion: 1, station: 'lab', line, ...rest }));
    writeFileSync(this.calibration, stringify(base === 'time' ? timed : counted));
    this.writeConf();
  }

  writeConf(): void {
    writeGatekeeperConf({ station: this.file, out: this.conf });
  }

  /** The command line of the walk; its figures go to a file, its screen to the terminal. */
  command(...options: string[]): string {
    const entry = path.join(checkout, 'cli/linegate.ts');
    const words = [
      process.execPath,
      // By the exact clock this process has flags that each Node needs.
      ...process.execArgv,
      ...nodeFlags(),
      entry,
      'commission',
      '--station',
      this.file,
      '--json',
    ];
    return `${[...words, ...options].map((word) => `'${word}'`).join(' ')} > '${this.figures}'`;
  }

  read(): Figures {
    return JSON.parse(readFileSync(this.figures, 'utf8')) as Figures;
  }
}

/** Of --json, what is looked at here. */
export interface Figures {
  readonly written: string | null;
  readonly kept: string | null;
  readonly results: {
    readonly delay?: {
      readonly arrival: { readonly median: number; readonly spread: number; readonly outliers: readonly unknown[] };
      readonly missedAtSensor: number;
    };
    readonly encoder?: {
      readonly counts: number;
      readonly losses: number;
      readonly countsPerMm: number;
      readonly reversed: boolean;
    };
    readonly gate?: { readonly longestNs: number };
    readonly response?: { readonly toConfirmNs: { readonly median: number } | null };
  };
  readonly proposal: { readonly calibration: { readonly delay: number } };
}
