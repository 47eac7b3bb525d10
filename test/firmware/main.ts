import { globSync } from 'node:fs';
import path from 'node:path';
import { boardNames } from '../../tools/esp/boards.ts';
import { atMost, type Check, equals, notRun } from '../faults/check.ts';
import { firmwareFolder } from './cmake.ts';
import { writeComponent } from './model.ts';
import { linesOf, missingPrograms, runProgram, tail } from './programs.ts';
import type { FirmwareSuite } from './suite.ts';

const COMPILE_MS = 120_000;
const MOST_LINES = 60;
const compilers = ['clang++-19', 'g++'] as const;
const flags = [
  ...['-fsyntax-only', '-std=c++17', '-fno-exceptions', '-fno-rtti', '-fno-threadsafe-statics', '-DTRACK_PARTS=32'],
  ...['-Wall', '-Wextra', '-Werror', '-Wconversion', '-Wshadow', '-Wold-style-cast', '-Wnon-virtual-dtor'],
];

/** What wires the parts of a board, and the classifier, with a generated model, against what they use of others' code declared anew. */
export const mainSuite: FirmwareSuite = {
  name: 'main',
  run: async (run) => {
    const model = path.join(run.folder, 'generated', 'plain-cnn');
    await writeComponent(model, 'plain-cnn');
    const checks: Check[] = [];
    for (const compiler of compilers) {
      run.say(`firmware.main with ${compiler} ...`);
      for (const board of boardNames) checks.push(await compiles(compiler, board, model));
    }
    return [...checks, atMost('firmware.main.lines', linesOf(path.join(firmwareFolder, 'main/main.cc')), MOST_LINES)];
  },
};

async function compiles(compiler: (typeof compilers)[number], board: string, model: string): Promise<Check> {
  const id = `firmware.main.compile.${compiler === 'g++' ? 'gcc' : 'clang'}.${board}`;
  if (missingPrograms([compiler]).length > 0) return notRun(id, `${compiler} is not installed`);
  const faults: string[] = [];
  for (const file of globSync(['main/*.cc', 'components/tflm_classifier/src/*.cc'], { cwd: firmwareFolder })) {
    const args = [...flags, ...includes(board, model), path.join(firmwareFolder, file)];
    const { status, output } = await runProgram(compiler, args, COMPILE_MS);
    if (status !== 0) faults.push(`${file}: ${tail(output)}`);
  }
  return equals(id, faults.join(' | ').slice(0, 600), '');
}

function includes(board: string, model: string): string[] {
  const others = ['test/idf-interfaces/include', `test/idf-interfaces/boards/${board}`, 'test/tflm/stubs'];
  const own = globSync('components/*/include', { cwd: firmwareFolder });
  const native = path.join(firmwareFolder, '../../agent/native');
  const ours = [path.join(native, 'track'), path.join(native, 'preprocess'), model];
  return [
    ...others.flatMap((folder) => ['-isystem', path.join(firmwareFolder, folder)]),
    ...own.flatMap((folder) => ['-I', path.join(firmwareFolder, folder)]),
    ...ours.flatMap((folder) => ['-I', folder]),
  ];
}
