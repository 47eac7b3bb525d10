import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { nodeFlags } from './node-flags.ts';

test('npm start runs with the same flags of Node as the command', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    scripts: { start: string };
  };
  assert.equal(scripts.start, `node ${nodeFlags().join(' ')} cli/linegate.ts simulate`);
});
