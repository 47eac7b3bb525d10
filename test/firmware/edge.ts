import { globSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { boardNames } from '../../tools/esp/boards.ts';
import { type Check, equals, notRun } from '../faults/check.ts';
import { build, firmwareFolder, tests } from './cmake.ts';
import { clangBuild } from './host.ts';
import { writeComponent } from './model.ts';
import { missingPrograms, runProgram, tail } from './programs.ts';
import type { FirmwareSuite } from './suite.ts';

const COMPILE_MS = 120_000;
const compilers = ['clang++-19', 'g++'] as const;
const flags = [
  ...['-fsyntax-only', '-std=c++17', '-fno-exceptions', '-fno-rtti', '-fno-threadsafe-statics'],
  ...['-Wall', '-Wextra', '-Werror', '-Wconversion', '-Wshadow', '-Wold-style-cast', '-Wnon-virtual-dtor'],
];
// What a key for updates adds; it concerns one file.
const SIGNED = '-DCONFIG_SECURE_SIGNED_ON_UPDATE_NO_SECURE_BOOT=1';
const interfaces = path.join(firmwareFolder, 'test/idf-interfaces');
const TESTS = '^(esp_gpio_gate|frame_shelf|provisioning)_test$';

/** Every file of the ESP-IDF edge for every board, against what it uses of ESP-IDF declared anew; and what of it runs on a host. */
export const edgeSuite: FirmwareSuite = {
  name: 'edge',
  run: async (run) => {
    const checks: Check[] = [];
    const model = path.join(run.folder, 'edge-model');
    await writeComponent(model, 'residual');
    for (const compiler of compilers) {
      run.say(`firmware.edge with ${compiler} ...`);
      checks.push(...(await compiles(compiler, model)));
    }
    checks.push(everyFile(), everyBoard());
    const lacking = missingPrograms(['cmake', 'ninja', 'clang-19', 'clang++-19']);
    if (lacking.length > 0) return [...checks, notRun('firmware.edge.tests', `${lacking.join(', ')} not installed`)];
    const host = { ...clangBuild(run), id: 'firmware.edge' };
    const built = await build(host);
    return built.ok ? [...checks, built, await tests(host, TESTS)] : [...checks, built];
  },
};

async function compiles(compiler: (typeof compilers)[number], model: string): Promise<Check[]> {
  const name = compiler === 'g++' ? 'gcc' : 'clang';
  if (missingPrograms([compiler]).length > 0)
    return [notRun(`firmware.edge.compile.${name}`, `${compiler} is not installed`)];
  const checks: Check[] = [];
  for (const board of boardNames) {
    const files = edgeFiles().filter((one) => isFor(one, board));
    const failed: string[] = [];
    for (const file of files) failed.push(...(await faults({ compiler, file, board, model })));
    const all = `${files.length} files`;
    const value = failed.length === 0 ? all : failed.join(' | ').slice(0, 600);
    checks.push(equals(`firmware.edge.compile.${name}.${board}`, value, all));
  }
  return checks;
}

interface Compilation {
  readonly compiler: string;
  readonly file: string;
  readonly board: string;
  /** The folder of a generated model, which main needs. */
  readonly model: string;
}

async function faults({ compiler, file, board, model }: Compilation): Promise<string[]> {
  const found: string[] = [];
  for (const variant of file.endsWith('/update.cc') ? [[], [SIGNED]] : [[]]) {
    const folders = [path.join(interfaces, 'include'), path.join(interfaces, 'boards', board), model, ...includes()];
    const args = [
      ...flags,
      ...variant,
      ...folders.flatMap((folder) => ['-I', folder]),
      path.join(firmwareFolder, file),
    ];
    const { status, output } = await runProgram(compiler, args, COMPILE_MS);
    if (status !== 0) found.push(`${file}: ${tail(output)}`);
  }
  return found;
}

/** Files that only ESP-IDF builds; what of a component is portable belongs to the host build. */
function edgeFiles(): string[] {
  return globSync('components/esp_*/src/*.cc', { cwd: firmwareFolder })
    .filter((file) => !/esp_mqtt_uplink|frame_shelf/.test(file))
    .sort();
}

/** As the component's CMakeLists.txt chooses. */
function isFor(file: string, board: string): boolean {
  const camera = board !== 'esp32-c3-bench';
  return camera ? !file.endsWith('/no_camera.cc') : !file.endsWith('/esp_camera_source/src/camera.cc');
}

function includes(): string[] {
  const components = globSync('components/*/include', { cwd: firmwareFolder });
  const native = path.join(firmwareFolder, '../../agent/native');
  return [
    ...components.map((folder) => path.join(firmwareFolder, folder)),
    path.join(native, 'track'),
    path.join(native, 'preprocess'),
  ];
}

/** No file is left out by all boards. */
function everyFile(): Check {
  const left = edgeFiles().filter((file) => !boardNames.some((board) => isFor(file, board)));
  return equals('firmware.edge.files-left-out', left.join(', '), '');
}

/** A board of the command line has its settings and its declarations. */
function everyBoard(): Check {
  const settings = readdirSync(path.join(firmwareFolder, 'boards')).sort().join();
  const declared = readdirSync(path.join(interfaces, 'boards')).sort().join();
  const wanted = [...boardNames].sort().join();
  return equals('firmware.edge.boards', settings === declared ? settings : `${settings}; ${declared}`, wanted);
}
