import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const file = new URL('keep-compiled.ts', import.meta.url).href;
const told = `
  const { getCompileCacheDir } = await import('node:module');
  const { keepCompiled } = await import(${JSON.stringify(file)});
  const before = getCompileCacheDir() ?? null;
  keepCompiled();
  console.log(JSON.stringify([before, getCompileCacheDir() ?? null, process.env.NODE_COMPILE_CACHE ?? null]));
`;

function foldersWith(environment: Record<string, string>): (string | null)[] {
  const { NODE_COMPILE_CACHE: _, NODE_DISABLE_COMPILE_CACHE: __, ...rest } = process.env;
  const options = { encoding: 'utf8', timeout: 60_000, env: { ...rest, ...environment } } as const;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', told], options));
}

test('what Node made of a checkout’s TypeScript is kept beside the packages, for this thread and those to come', () => {
  const folder = fileURLToPath(new URL('../node_modules/.cache/linegate', import.meta.url));
  const [before, after, forThreads] = foldersWith({});
  assert.equal(before, null);
  assert.ok(after?.startsWith(folder), String(after));
  assert.equal(forThreads, folder);
});

test('where Node is told to keep nothing, nothing is kept', () => {
  assert.deepEqual(foldersWith({ NODE_DISABLE_COMPILE_CACHE: '1' }), [null, null, null]);
});
