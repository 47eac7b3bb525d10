import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildLinuxProgram } from '../../linux/programs.ts';
import { exitOf, type KeeperProcess, startKeeper } from './keeper-process.ts';
import { TestLines } from './lines.ts';

const program = {
  name: 'gatekeeper-on-a-socket',
  folders: ['gatekeeper', 'gatekeeper/core', 'gatekeeper/testing', 'track'],
  without: ['gpio.c', 'gpio_find.c'],
};

/** Builds the whole gatekeeper under AddressSanitizer and UndefinedBehaviorSanitizer, for lines that a test drives. */
export function buildForBench(folder: string): string {
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
  return buildLinuxProgram(program, { arch, folder, sanitize: 'address,undefined' });
}

/** A gatekeeper's files, and the lines that a test drives. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'gatekeeper-'));
  readonly socket = join(this.folder, 'socket');
  readonly ring = join(this.folder, 'ring');
  readonly lines = new TestLines(join(this.folder, 'lines'));
  readonly #keepers: KeeperProcess[] = [];
  readonly program: string;

  constructor(program: string) {
    this.program = program;
  }

  /** A good configuration; settings given here replace those of the same key, undefined removes one. */
  confOf(changed: Record<string, string | undefined> = {}): string {
    const settings = { station: 'bench', socket: this.socket, ring: this.ring, ...smallest, ...changed };
    const rows = Object.entries(settings).flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`]));
    return `${rows.join('\n')}\n`;
  }

  write(text: string, name = 'gatekeeper.conf'): string {
    const file = join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }

  start(args: readonly string[], options: Parameters<typeof startKeeper>[2] = {}): KeeperProcess {
    const env = { ...process.env, LINEGATE_TEST_LINES: this.lines.path, ...options.env };
    const keeper = startKeeper(this.program, args, { ...options, env });
    this.#keepers.push(keeper);
    return keeper;
  }

  read(name: string): Buffer {
    return readFileSync(join(this.folder, name));
  }

  async clear(): Promise<void> {
    for (const keeper of this.#keepers) keeper.child.kill('SIGKILL');
    await Promise.all(this.#keepers.map(exitOf));
    await this.lines.unplug();
    rmSync(this.folder, { recursive: true });
  }
}

const smallest: Record<string, string> = {
  'input trigger': 'chip=bench line=TRIGGER',
  'output gate': 'chip=bench line=GATE',
  'output ready': 'chip=bench line=READY',
  base: 'time',
  delay: '150000000',
  width: '20000000',
  recovery: '10000000',
  lead: '20000000',
  'trigger-dead': '5000000',
  'late-us': '1000000',
};
