import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importOptional } from './optional-package.ts';

test('a package that is there is given as it is', async () => {
  const path = await importOptional<{ join(...parts: string[]): string }>('node:path', 'This test', 'or not');
  assert.equal(path.join('a', 'b'), 'a/b');
});

test('a package that is missing is one sentence', async () => {
  await assert.rejects(importOptional('linegate-no-such-package', 'The trigger onoff', 'or use another one'), {
    code: 'missing-package',
    message:
      'The trigger onoff needs the optional package linegate-no-such-package, which does not load (it is not installed): run "npm install --ignore-scripts=false linegate-no-such-package", or use another one.',
  });
});

test('a package that is there and broken says why', async () => {
  await assert.rejects(
    importOptional('data:text/javascript,throw new Error("no binary")', 'X', 'or not'),
    /\(no binary\)/,
  );
});
