import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { doubts } from '../../agent/adapters/line/gatekeeper/records.ts';
import { checkout } from '../support/cli.ts';
import { temporaryFolder } from '../support/folders.ts';
import { anchorsOf, blocksOf, commandsOf, inlineCommandsOf, linksOf, rowsOf } from '../support/guide.ts';
import { GuideCommands } from '../support/guide-commands.ts';
import { nodeFlags } from '../support/node-flags.ts';

const guides = ['install', 'wiring', 'pins', 'troubleshooting'].map((name) => `docs/${name}.md`);
const marks = ['any computer', 'the device', 'the device, as root', 'the device, as root, with hardware'];
const read = (file: string): string => readFileSync(path.join(checkout, file), 'utf8');
const shellBlocks = (guide: string) => blocksOf(read(guide)).filter(({ language }) => language === 'sh');

test('guides: each block of commands says where it is for, and root is named where sudo is used', () => {
  for (const guide of guides) {
    for (const { at, lines } of shellBlocks(guide)) {
      const [, mark = ''] = /^# On (.*)$/.exec(lines[0] ?? '') ?? [];
      assert.ok(marks.includes(mark), `${guide}:${at} begins with "${lines[0]}" and not with where it is for`);
      const asRoot = lines.some((line) => line.startsWith('sudo '));
      assert.ok(!asRoot || mark.includes('root'), `${guide}:${at} uses sudo and does not say so`);
    }
  }
});

test('guides: every command is there, with the options that it is given', async (t) => {
  const commands = new GuideCommands(t);
  for (const guide of guides) {
    const written = [...shellBlocks(guide).flatMap(commandsOf), ...inlineCommandsOf(read(guide))];
    for (const words of written) await commands.check(words);
  }
});

test('docs: commands of linegate and of its services in all other pages are there, with their options', async (t) => {
  const commands = new GuideCommands(t);
  const pages = globSync('docs/*.md', { cwd: checkout }).filter((page) => !guides.includes(page));
  const faults: string[] = [];
  let checked = 0;
  for (const page of pages) {
    const written = shellBlocks(page)
      .flatMap(commandsOf)
      .filter(([program = '']) => ['linegate', 'systemctl', 'journalctl'].includes(program));
    for (const words of [...written, ...inlineCommandsOf(read(page))]) {
      checked += 1;
      // [--option]: as a usage has what may be left out.
      const plain = words.map((word) => word.replace(/^\[|\]$/g, ''));
      await commands.check(plain).catch((error: Error) => faults.push(`${page}: ${error.message}`));
    }
  }
  assert.deepEqual(faults, []);
  assert.ok(checked >= 50, `only ${checked} commands were found`);
});

test('guides: a command, option, argument, check, unit or program that is not there is found', async (t) => {
  const commands = new GuideCommands(t);
  for (const wrong of [
    'linegate fly',
    'linegate status --colour',
    'linegate config check a b',
    'linegate doctor --only weather',
    'linegate commission --only tea',
    'linegate ledger burn',
    'systemctl restart linegate-cook',
    'systemctl dance linegate',
    '/usr/lib/linegate/linegate-v4l2 --sing',
    'apt install linegate',
  ]) {
    await assert.rejects(commands.check(wrong.split(' ')), assert.AssertionError, wrong);
  }
});

test('guides: what is for any computer runs there as it stands', (t) => {
  const folder = temporaryFolder(t);
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const node = [process.execPath, ...nodeFlags(), path.join(checkout, 'cli/linegate.ts')];
  writeFileSync(path.join(bin, 'linegate'), `#!/bin/sh\nexec ${node.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  chmodSync(path.join(bin, 'linegate'), 0o755);
  writeFileSync(
    path.join(folder, 'linegate_0.1.0_arm64.deb'),
    '!<arch>\ndebian-binary   1770000000  0     0     100644  4         `\n2.0\n',
  );
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, PATH = '', ...rest } = process.env;
  const env = { ...rest, PATH: `${bin}:${PATH}` };
  const blocks = guides.flatMap(shellBlocks).filter(({ lines }) => lines[0] === '# On any computer');
  assert.ok(blocks.length >= 3, `only ${blocks.length} blocks run`);
  for (const { lines } of blocks) {
    const ended = spawnSync('sh', ['-eu', '-c', lines.join('\n')], {
      cwd: folder,
      env,
      encoding: 'utf8',
      timeout: 120_000,
    });
    assert.equal(ended.status, 0, `${lines.join('\n')}\n${ended.stdout}${ended.stderr}`);
  }
  for (const made of [
    'station.yaml',
    'cards/cell-2/user-data',
    'try/ledger.sqlite',
    'orin.conf',
    'station.schema.json',
  ])
    assert.ok(existsSync(path.join(folder, made)), `${made} was not made`);
});

test('docs: every link leads to a file, and to a heading where it names one', () => {
  const files = ['README.md', ...globSync('docs/*.md', { cwd: checkout })];
  for (const file of files) {
    for (const link of linksOf(read(file)).filter((each) => !/^[a-z]+:/.test(each))) {
      const [name = '', anchor] = link.split('#');
      const target = name === '' ? file : path.join(path.dirname(file), name);
      assert.ok(existsSync(path.join(checkout, target)), `${file} points to ${link}, which is not there`);
      if (anchor === undefined) continue;
      assert.ok(anchorsOf(read(target)).includes(anchor), `${file} points to ${link}, and there is no such heading`);
    }
  }
});

test('troubleshooting: at least 25 symptoms, with every alarm and every doubt', () => {
  const rows = rowsOf(read('docs/troubleshooting.md'), 'you see');
  assert.ok(rows.length >= 25, `there are ${rows.length}`);
  for (const row of rows) assert.equal(row.length, 4, row.join(' | '));
  const seen = rows.map(([symptom = '']) => symptom).join('\n');
  const alarms = rowsOf(read('docs/alarms.md'), 'alarm').map(([id = '']) => id);
  assert.ok(alarms.length >= 16, 'the alarms were not found in docs/alarms.md');
  for (const id of [...alarms, ...doubts.map((doubt) => `\`${doubt}\``)])
    assert.ok(seen.includes(id), `${id} is missing`);
});
