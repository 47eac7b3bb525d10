import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stepIds } from '../../agent/commission/steps.ts';
import { allChecks } from '../../agent/doctor/checks/all.ts';
import type { Cleanup } from './cleanup.ts';
import { checkout, linegate } from './cli.ts';

/** Options, and for systemctl what may be done, of the programs of the system that the guides use. */
const system: Readonly<Record<string, readonly string[]>> = {
  systemctl: ['--now', '--signal=KILL', 'status', 'enable', 'start', 'stop', 'restart', 'kill', 'edit', 'poweroff'],
  journalctl: ['-u', '-n', '-f', '--since', '--disk-usage'],
  dpkg: ['-i', '-r', '-P'],
  cp: ['-a'],
  sha256sum: [],
  reboot: [],
  printf: [],
  '/opt/nvidia/jetson-io/jetson-io.py': [],
};

const groups = ['config', 'ledger', 'recipe', 'esp'];
const folderOf = (name: string): string => path.join(checkout, name);

/** Looks whether the commands of a guide are there, with the options that they are given. */
export class GuideCommands {
  readonly #t: Cleanup;
  readonly #helps = new Map<string, Promise<string>>();

  constructor(t: Cleanup) {
    this.#t = t;
  }

  /** Fails with a sentence that names what is unknown. */
  async check(words: readonly string[]): Promise<void> {
    const [program = '', ...rest] = words;
    if (program === 'linegate') return await this.#linegate(rest);
    if (program.startsWith('/usr/lib/linegate/linegate-')) return ownProgram(path.basename(program), rest);
    const known = system[program];
    assert.ok(known !== undefined, `"${words.join(' ')}": no guide may use ${program}`);
    const verb = program === 'systemctl' ? rest.slice(0, 1) : [];
    for (const word of [...verb, ...rest.filter((each) => each.startsWith('-'))])
      assert.ok(known.includes(word), `"${words.join(' ')}": ${word} is not known`);
    if (program === 'systemctl')
      rest
        .slice(1)
        .filter((each) => !each.startsWith('-'))
        .forEach(unit);
  }

  async #linegate(words: readonly string[]): Promise<void> {
    const said = `linegate ${words.join(' ')}`;
    const named = words.slice(0, words.findIndex((word) => word.startsWith('-')) >>> 0);
    const grouped = groups.includes(named[0] ?? '') || named.slice(0, 2).join(' ') === 'quantize simulate';
    const route = named.slice(0, grouped ? 2 : 1);
    const help = await this.#help(route);
    // What a group of commands does without the name of one stands below.
    const usage = /^ {2}(.*) \[default\]$/m.exec(help)?.[1] ?? help.split('\n')[0] ?? '';
    assert.ok(`${usage} `.startsWith(`${['linegate', ...route].join(' ')} `), `"${said}": there is no such command`);
    const options = words.filter((word) => word.startsWith('-')).map((word) => word.replace(/=.*/, ''));
    for (const option of options) assert.ok(hasOption(help, option), `"${said}": there is no option ${option}`);
    const most = (usage.match(/[[<]\w+[\]>]/g) ?? []).length;
    assert.ok(named.length - route.length <= Math.max(most, 0), `"${said}": ${named.at(-1)} is one argument too many`);
    if (route[0] === 'doctor')
      only(
        said,
        words,
        allChecks.map(({ id }) => id),
      );
    if (route[0] === 'commission') only(said, words, stepIds);
  }

  #help(route: readonly string[]): Promise<string> {
    const key = route.join(' ');
    const asked = this.#helps.get(key) ?? linegate(this.#t, [...route, '--help']).then(({ stdout }) => stdout);
    this.#helps.set(key, asked);
    return asked;
  }
}

function hasOption(help: string, option: string): boolean {
  return help.split(/[\s,]+/).includes(option);
}

function only(said: string, words: readonly string[], known: readonly string[]): void {
  const at = words.indexOf('--only');
  const id = words[at + 1] ?? '';
  if (at >= 0) assert.ok(known.includes(id), `"${said}": there is nothing called ${id}, only ${known.join(', ')}`);
}

function unit(name: string): void {
  const file = `${name.replace(/@.*/, '@')}.service`;
  assert.ok(existsSync(folderOf(`systemd/${file}`)), `there is no unit ${file}`);
}

function ownProgram(name: string, rest: readonly string[]): void {
  const folder = folderOf(`agent/native/${name.replace('linegate-', '')}`);
  assert.ok(existsSync(folder), `there is no program ${name}`);
  const sources = readdirSync(folder).filter((file) => file.endsWith('.c'));
  const text = sources.map((file) => readFileSync(path.join(folder, file), 'utf8')).join('\n');
  for (const option of rest.filter((each) => each.startsWith('-')))
    assert.ok(text.includes(option), `${name} has no option ${option}`);
}
