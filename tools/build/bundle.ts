// Makes dist/, what a device gets. Plain JavaScript, one file per process or thread and what they share, the models,
// and the few native packages for one platform. Needs no network. Usage: node tools/build/bundle.ts [--platform linux-x64|linux-arm64] [--out DIR]
import { globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { makeBundle } from './make-bundle.ts';

const { values } = parseArgs({
  options: {
    platform: { type: 'string', default: `${process.platform}-${process.arch}` },
    out: { type: 'string', default: 'dist' },
    /** Where the packages of another platform are, if not here. */
    modules: { type: 'string', default: 'node_modules' },
  },
});
const { platform, out, modules } = values;
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
await makeBundle({ platform, out, modules, version, sourceMaps: true });
const sizes = globSync('**', { cwd: out }).map((file) => statSync(path.join(out, file)));
const bytes = sizes.reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
console.log(`${out}: linegate ${version} for ${platform}, ${(bytes / 1e6).toFixed(1)} MB`);
