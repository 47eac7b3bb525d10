import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
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
 * Makes a folder with what a device gets: plain JavaScript (the command line and what its commands share, and one file for each
 * process or thread of a station), the models, and the few native packages for one platform. Needs no network. Returns where the npm packages that are in it lie, as the lock file
 * says it: `node_modules/NAME`.
 */
export async function makeBundle(options: BundleOptions): Promise<readonly string[]> {
  const { out, platform, version } = options;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const made = [await commandLine(options), await station(options)];
  const bundled = made.flatMap(({ outputs }) => Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)));
  for (const wasm of globSync('agent/core/*/*.wasm')) cpSync(wasm, path.join(out, path.basename(wasm)));
  cpSync('models/int8', path.join(out, 'models/int8'), { recursive: true });
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, unknown>;
  writeFileSync(path.join(out, 'package.json'), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
  const native = Object.entries(nativePackages(platform));
  for (const [name, patterns] of native) copyPackage(name, patterns, options);
  writeFileSync(path.join(out, 'BUILD'), `linegate ${version} ${platform}\n`);
  if (!existsSync(path.join(out, 'linegate.js'))) throw new Error('The bundle has no linegate.js.');
  const packages = bundled.flatMap((file) => packageOf(file) ?? []);
  return [...new Set([...packages, ...native.map(([name]) => `node_modules/${name}`)])].sort();
}

/** What both kinds of script have in common. Names stay, for the traces of errors. */
function common({ out, platform, sourceMaps }: BundleOptions): BuildOptions {
  return {
    outdir: out,
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    platform: 'node',
    target: 'node22',
    sourcemap: sourceMaps ? 'linked' : false,
    legalComments: 'linked',
    external: [...Object.keys(nativePackages(platform)), 'onoff', 'node-libcamera', '@tensorflow/tfjs-node'],
    plugins: [englishOnly],
    logLevel: 'warning',
    metafile: true,
  };
}

/** The command: what only some of its commands need is read by those alone. */
async function commandLine(options: BundleOptions): Promise<Metafile> {
  const { metafile } = await build({
    ...common(options),
    entryPoints: { linegate: 'cli/linegate.ts' },
    splitting: true,
    chunkNames: 'part-[hash]',
    format: 'esm',
    // CommonJS packages inside an ES module still ask for require and __dirname.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    metafile: true,
  });
  return metafile;
}

/**
 * What a station is started from: one file each, and CommonJS, which Node starts with half the work. A station that starts again
 * must be quick.
 */
async function station(options: BundleOptions): Promise<Metafile> {
  const apart = ['agent/{adapters,doctor}/*/*-{thread,child}.ts', 'tools/quantize/*/*-thread.ts'];
  const entries = ['cli/station.ts', ...globSync(apart)];
  const { plugins = [], external = [], ...rest } = common(options);
  const { metafile } = await build({
    ...rest,
    external: external.filter((name) => !takenIn.includes(name)),
    entryPoints: { mqtt: 'mqtt', ...Object.fromEntries(entries.map((file) => [path.basename(file, '.ts'), file])) },
    outExtension: { '.js': '.cjs' },
    plugins: [...plugins, mqttApart, nativeScripts(options)],
    format: 'cjs',
    // What is imported once it is needed is required: without an ES module Node does not set out to load any.
    supported: { 'dynamic-import': false },
    // Where a module lies; that of the command beside it will do.
    define: { 'import.meta.url': '__url' },
    banner: { js: "const __url=require('node:url').pathToFileURL(__dirname+'/linegate.js').href;" },
    metafile: true,
  });
  return metafile;
}

/** What is never said in another language: half of what the largest package weighs. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
      loader: 'js',
    })),
};

/** A third of the rest, which only a station with an uplink or such a trigger reads: in a file of its own. */
const mqttApart: Plugin = {
  name: 'mqtt-apart',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^mqtt$/ }, ({ kind }) => {
      if (kind === 'entry-point') return { path: 'mqtt', namespace: 'apart' };
      return kind === 'dynamic-import' ? { path: './mqtt.cjs', external: true } : undefined;
    });
    // Node finds by the text of a CommonJS file which names it has.
    onLoad({ filter: /^mqtt$/, namespace: 'apart' }, () => ({
      contents: "export { connect } from 'mqtt'",
      resolveDir: process.cwd(),
    }));
  },
};

/** Native packages whose scripts are in the files of a station: thirty files less to find and read at its start. */
const takenIn: readonly string[] = ['better-sqlite3', 'onnxruntime-node', 'onnxruntime-common'];

/** Their scripts, and their native libraries where they lie. */
function nativeScripts({ platform }: BundleOptions): Plugin {
  return {
    name: 'native-scripts',
    setup: ({ onResolve, onLoad, resolve }) => {
      onResolve({ filter: /^better-sqlite3$/ }, ({ kind, resolveDir }) =>
        resolve(`better-sqlite3/${platform}`, { kind, resolveDir }),
      );
      onResolve({ filter: /\.node$/ }, ({ path: file, resolveDir }) => {
        const [, within] = path.join(resolveDir, file).split('/node_modules/');
        return within === undefined ? undefined : { path: `./node_modules/${within}`, external: true };
      });
      onLoad({ filter: /\/onnxruntime-node\/dist\/binding\.js$/ }, ({ path: file }) => ({
        contents: namingPlatform(readFileSync(file, 'utf8'), platform),
      }));
    },
  };
}

/** A script that asks for its library by the platform that it finds, with `platform` instead. */
function namingPlatform(script: string, platform: string): string {
  const [os = '', arch = ''] = platform.split('-');
  const found = /require\(`([^`]*)\$\{process\.platform\}\/\$\{process\.arch\}([^`]*)`\)/;
  if (!found.test(script)) throw new Error('onnxruntime-node asks for its library in another way than before.');
  return script.replace(found, (_, before: string, after: string) => `require("${before}${os}/${arch}${after}")`);
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
