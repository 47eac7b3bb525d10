/** Checks the C code with clang-format and clang-tidy (exit 1: a finding, 3: not installed). */
import { globSync } from 'node:fs';
import { exitCodeOf, messageOf } from '../core/errors.ts';
import { requirePrograms, runProgram } from './clang/programs.ts';

const format = 'clang-format-19';
const tidy = 'clang-tidy-19';
const cwd = import.meta.dirname;

try {
  requirePrograms([format, tidy]);
  runProgram(format, ['--dry-run', '-Werror', ...globSync('**/*.{c,h}', { cwd })], { cwd });
  runProgram(tidy, ['--quiet', ...globSync('**/*.c', { cwd }), '--', '-std=c11'], { cwd });
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = exitCodeOf(error);
}
