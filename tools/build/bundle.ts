// Makes dist/, what a device gets. Plain JavaScript, one file per process or thread, the models, and the few native packages
// for one platform. Needs no network. Usage: node tools/build/bundle.ts [--platform linux-x64|linux-arm64] [--out DIR]
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: {
    platform: { type: 'string', default: `${process.platform}-${process.arch}` },
    out: { type: 'string', default: 'dist' },
  },
});
const platform = values.platform;
const [os, arch] = platform.split('-');
const { out } = values;

/** Packages that cannot be bundled, because they load a native library from their own folder, and what a device needs of them. */
const nativePackages: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['package.json', 'LICENSE', 'lib/**/*.js', `prebuilds/${platform}.node`],
  'onnxruntime-node': ['package.json', 'LICENSE', 'dist/**/*.js', `bin/napi-v6/${os}/${arch}/**`],
  'onnxruntime-common': ['package.json', 'LICENSE', 'dist/**/*.js', 'dist/**/package.json'],
};

const entries = ['cli/linegate.ts', ...globSync('agent/{adapters,doctor}/*/*-{thread,child}.ts')];

async function bundle(): Promise<void> {
  await build({
    entryPoints: entries.map((file) => ({ in: file, out: path.basename(file, '.ts') })),
    outdir: out,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    sourcemap: 'linked',
    legalComments: 'linked',
    external: [...Object.keys(nativePackages), 'sharp', 'onoff', 'node-libcamera', '@tensorflow/tfjs-node'],
    // CommonJS packages inside an ES module still ask for require and __dirname.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'warning',
  });
}

function copyFiles(): void {
  for (const wasm of globSync('agent/core/*/*.wasm')) cpSync(wasm, path.join(out, path.basename(wasm)));
  cpSync('models/int8', path.join(out, 'models/int8'), { recursive: true });
  cpSync('package.json', path.join(out, 'package.json'));
  for (const [name, patterns] of Object.entries(nativePackages)) {
    const from = path.join('node_modules', name);
    const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: from })).filter((file) => isFile(from, file));
    if (files.length < 2)
      throw new Error(`The package ${name} has nothing for ${platform}; give --platform linux-x64 or linux-arm64.`);
    for (const file of files)
      cpSync(path.join(from, file), path.join(out, 'node_modules', name, file), { recursive: true });
  }
}

function isFile(folder: string, file: string): boolean {
  return statSync(path.join(folder, file)).isFile();
}

function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, file) => sum + statSync(path.join(file.parentPath, file.name)).size, 0);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out);
await bundle();
copyFiles();
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
writeFileSync(path.join(out, 'BUILD'), `linegate ${version} ${platform}\n`);
if (!existsSync(path.join(out, 'linegate.js'))) throw new Error('The bundle has no linegate.js.');
console.log(`${out}: linegate ${version} for ${platform}, ${(sizeOf(out) / 1e6).toFixed(1)} MB`);
