import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { document, linegate } from '../test/support/cli.ts';
import { temporaryFolder } from '../test/support/folders.ts';
import { assertRefused } from '../test/support/refused.ts';

test('init writes what config check and gatekeeper-conf take, and keeps its hands off what is there', async (t) => {
  const folder = temporaryFolder(t);
  // The state counts from where the command runs, not from the file that names it.
  const out = path.join(folder, 'etc', 'station.yaml');
  mkdirSync(path.dirname(out));
  const usual = ['init', '--board', 'pi5', '--name', 'line-3', '--out', out, '--state', 'state'];
  const given = [...usual, '--delay-ms', '400', '--confirm', '18', '--yes'];
  const written = await linegate(t, given, { cwd: folder });
  assert.equal(written.exitCode, 0, written.stderr);
  assert.match(written.stdout, /Board:[\s\S]*Written: .*calibration\.yaml\nWritten: .*station\.yaml\n/);
  const checked = await linegate(t, ['config', 'check', out]);
  assert.deepEqual([checked.exitCode, checked.stdout], [0, `${out} can be used.\n`]);
  const conf = await linegate(t, ['gatekeeper-conf', '--station', out]);
  assert.match(conf.stdout, /input trigger chip=pinctrl-rp1 line=GPIO17 /);
  const again = await linegate(t, [...usual, '--yes'], { cwd: folder });
  assert.equal(again.exitCode, 2);
  assert.match(again.stderr, /There is .*station\.yaml already, so nothing was written/);
});

test('init without a terminal, with a bad flag or a recipe that is not there writes nothing', async (t) => {
  const folder = temporaryFolder(t);
  const out = path.join(folder, 'station.yaml');
  const refused = async (about: RegExp, ...args: string[]): Promise<void> => {
    const ended = await linegate(t, ['init', '--board', 'pi5', '--out', out, ...args]);
    assert.equal(ended.exitCode, 2, ended.stderr);
    assert.match(ended.stderr.trimEnd(), about);
    assert.ok(!existsSync(out));
  };
  await refused(/Nobody is at a terminal/);
  await refused(/GPIO4 of --gate is one that a Raspberry Pi pulls up/, '--gate', '4', '--yes');
  await refused(/no recipe "cogs"/, '--recipe', 'cogs', '--yes');
  assert.deepEqual(readdirSync(folder), []);
});

test('init refuses a line of another station on the computer', async (t) => {
  const folder = temporaryFolder(t);
  const second = path.join(folder, 'right.yaml');
  const init = (file: string, ...args: string[]) =>
    linegate(t, ['init', '--board', 'pi5', '--out', path.join(folder, file), '--yes', ...args]);
  assert.equal((await init('left.yaml')).exitCode, 0);
  writeFileSync(path.join(folder, 'notes.yaml'), 'no station: at all');
  const refused = async (about: RegExp, ...args: string[]): Promise<void> => {
    const ended = await init('right.yaml', ...args);
    assert.equal(ended.exitCode, 2, ended.stderr);
    assert.match(ended.stderr.trimEnd(), about);
  };
  await refused(/The line GPIO17, which is for trigger, is one of the station of .*left\.yaml/);
  await refused(/for gate, is one of the station of .*left\.yaml/, '--trigger', '5');
  assert.ok(!existsSync(second));
  const apart = await init('right.yaml', '--trigger', '5', '--gate', '23', '--ready', '24');
  assert.equal(apart.exitCode, 0, apart.stderr);
  assert.ok(existsSync(second));
});

test('init --calibration-only makes a first calibration for a station file, which stays as it is', async (t) => {
  const folder = temporaryFolder(t);
  const out = path.join(folder, 'station.yaml');
  const lines = ['--encoder-a', 'auto', '--encoder-b', 'auto', '--state', path.join(folder, 'state')];
  await linegate(t, ['init', '--board', 'pi5', '--name', 'line-3', '--out', out, ...lines, '--yes']);
  const before = readFileSync(out, 'utf8');
  const only = (...args: string[]) => linegate(t, ['init', '--calibration-only', '--out', out, ...args]);
  assertRefused(await only(), 2, /roughly with --delay-counts/);
  assertRefused(await only('--delay-ms', '400'), 2, /--delay-counts in place of --delay-ms/);
  const made = await only('--delay-counts', '900');
  assert.equal(made.exitCode, 0, made.stderr);
  assert.match(made.stdout, /^Written: .*state\/calibration\.yaml\nNext: /);
  assert.equal(readFileSync(out, 'utf8'), before);
  const checked = await linegate(t, ['config', 'check', out]);
  assert.deepEqual([checked.exitCode, checked.stdout], [0, `${out} can be used.\n`]);
  assert.equal((await only('--delay-counts', '900')).exitCode, 2);
  const both = await only('--delay-counts', '900', '--board', 'pi4');
  assert.deepEqual([both.exitCode, both.stdout], [2, '']);
});

test('config check tells all faults with line and column, as text and as JSON, with exit status 1', async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'station.yaml');
  writeFileSync(
    file,
    'schemaVersion: 1\nstation: "a b"\nrecipe: cogs\nstateFolder: state\nline: { kind: simulator }\ncamera: { kind: simulator }\n',
  );
  const told = await linegate(t, ['config', 'check', file]);
  assert.equal(told.exitCode, 1);
  const [station = '', recipe = '', last = ''] = told.stdout.trimEnd().split('\n');
  assert.ok(station.startsWith(`${file}:2:10: fault: station is "a b"`), station);
  assert.ok(recipe.startsWith(`${file}:3:9: fault: There is no recipe "cogs"`), recipe);
  assert.equal(last, `${file} cannot be used: 2 faults.`);
  const json = document(await linegate(t, ['config', 'check', file, '--json']));
  assert.deepEqual([json['ok'], json['faults'], json['warnings']], [false, 2, 0]);
  assertRefused(await linegate(t, ['config', 'check', path.join(folder, 'none')]), 2, /cannot be read/);
});

test('config schema prints what is committed', async (t) => {
  const printed = await linegate(t, ['config', 'schema', 'calibration']);
  const committed = new URL('../docs/schema/calibration.json', import.meta.url);
  assert.equal(printed.stdout, readFileSync(committed, 'utf8'));
  const unknown = await linegate(t, ['config', 'schema', 'firmware']);
  assert.deepEqual([unknown.exitCode, unknown.stdout], [2, '']);
});
