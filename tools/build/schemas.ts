// Writes docs/schema/*.json, or with --check says whether they are as the code says. Usage: node tools/build/schemas.ts [--check]
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = path.join(root, 'docs/schema');
const stale: string[] = [];

if (!values.check) mkdirSync(folder, { recursive: true });
for (const name of ['station', 'calibration', 'recipe']) {
  const file = path.join(folder, `${name}.json`);
  // Asked of the command that users have: tools know nothing of the agent's configuration.
  const text = execFileSync(process.execPath, [path.join(root, 'cli/linegate.ts'), 'config', 'schema', name], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (!values.check) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) stale.push(`docs/schema/${name}.json`);
}
if (stale.length > 0) {
  console.error(`${stale.join(', ')} not as the code says; run node tools/build/schemas.ts and commit the result.`);
  process.exitCode = 1;
}
