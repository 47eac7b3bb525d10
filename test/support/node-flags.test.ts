import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { nodeEnvironment, nodeFlags } from './node-flags.ts';

const environment = Object.entries(nodeEnvironment()).map(([name, value]) => `${name}=${value}`);

test('npm start runs with the same flags of Node as the command', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    scripts: { start: string };
  };
  assert.equal(scripts.start, `${environment.join(' ')} node ${nodeFlags().join(' ')} cli/linegate.ts simulate`);
});

test("so does the package's launcher", () => {
  const launcher = readFileSync(new URL('../../tools/package/files/launcher', import.meta.url), 'utf8');
  for (const wanted of [...environment, nodeFlags().join(' ')]) assert.ok(launcher.includes(wanted), wanted);
});

test("so do the agent's units", () => {
  for (const name of ['linegate', 'linegate@']) {
    const unit = readFileSync(new URL(`../../systemd/${name}.service`, import.meta.url), 'utf8');
    for (const wanted of [...environment, nodeFlags().join(' ')]) assert.ok(unit.includes(wanted), wanted);
  }
});
