import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { nativePackages } from './native-packages.ts';

export interface BundleOptions {
  /** `linux-x64` or `linux-arm64`. */
  readonly platform: string;
  readonly out: string;
  /** The node_modules folder that has the native packages of that platform. */
  readonly modules: string;
  /** What BUILD and package.json say. */
  readonly version: string;
  /** Beside each script, for people who look into it. */
  readonly sourceMaps: boolean;
}

/**
 * Makes a folder with what a device gets: plain JavaScript, one file per process or thread and what they share, the models, and
 * the few native packages for one platform. Needs no network. Returns where the npm packages that are in it lie, as the lock file
 * says it: `node_modules/NAME`.
 */
export async function makeBundle(options: BundleOptions): Promise<readonly string[]> {
  const { out, platform, version } = options;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const bundled = await bundle(options);
  for (const wasm of globSync('agent/core/*/*.wasm')) cpSync(wasm, path.join(out, path.basename(wasm)));
  cpSync('models/int8', path.join(out, 'models/int8'), { recursive: true });
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, unknown>;
  writeFileSync(path.join(out, 'package.json'), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
  const native = Object.entries(nativePackages(platform));
  for (const [name, patterns] of native) copyPackage(name, patterns, options);
  writeFileSync(path.join(out, 'BUILD'), `linegate ${version} ${platform}\n`);
  if (!existsSync(path.join(out, 'linegate.js'))) throw new Error('The bundle has no linegate.js.');
  return [...new Set([...bundled, ...native.map(([name]) => `node_modules/${name}`)])].sort();
}

async function bundle({ out, platform, sourceMaps }: BundleOptions): Promise<readonly string[]> {
  const entries = ['cli/linegate.ts', ...globSync('agent/{adapters,doctor}/*/*-{thread,child}.ts')];
  const { metafile } = await build({
    entryPoints: entries.map((file) => ({ in: file, out: path.basename(file, '.ts') })),
    outdir: out,
    bundle: true,
    // What only some commands need is read by those alone: a station that starts again must be quick.
    splitting: true,
    chunkNames: 'part-[hash]',
    // Names stay, for the traces of errors.
    minifySyntax: true,
    minifyWhitespace: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    sourcemap: sourceMaps ? 'linked' : false,
    legalComments: 'linked',
    external: [...Object.keys(nativePackages(platform)), 'onoff', 'node-libcamera', '@tensorflow/tfjs-node'],
    // CommonJS packages inside an ES module still ask for require and __dirname.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'warning',
    metafile: true,
  });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  return used.flatMap((file) => packageOf(file) ?? []);
}

/** The npm package that a file belongs to: `node_modules/@babel/runtime/x.js` is of `node_modules/@babel/runtime`. */
function packageOf(file: string): string | undefined {
  return /^(.*\/)?node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

function copyPackage(name: string, patterns: readonly string[], { modules, out, platform }: BundleOptions): void {
  const from = path.join(modules, name);
  const found = patterns.flatMap((pattern) => globSync(pattern, { cwd: from }));
  const files = found.filter((file) => statSync(path.join(from, file)).isFile());
  if (files.length < 2)
    throw new Error(`The package ${name} has nothing for ${platform}; give --platform linux-x64 or linux-arm64.`);
  for (const file of files) cpSync(path.join(from, file), path.join(out, 'node_modules', name, file));
}
