import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { goldenFiles } from './files.ts';

const folder = new URL('../../golden/firmware/', import.meta.url);
const files = goldenFiles();

/** New ones are written on purpose only. */
if (process.env['WRITE_GOLDEN'] === 'firmware') {
  for (const [name, text] of files) writeFileSync(new URL(name, folder), text);
}

test('golden files of the firmware: those that the agent gives, and no others', () => {
  const found = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  assert.deepEqual(found.toSorted(), [...files.keys()].toSorted());
});

for (const [name, text] of files) {
  test(`golden files of the firmware: ${name} is what the agent gives`, () => {
    assert.equal(readFileSync(new URL(name, folder), 'utf8'), text);
  });
}
