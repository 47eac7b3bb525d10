// Format, lint, types, import rules, dead code and the C sources: one command by hand and in CI.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** From Debian rather than npm; where it is missing the check is left out by hand and fails in CI. */
  readonly fromDebian?: boolean;
}

const cSources = globSync('agent/native/**/*.{c,h}');
const cUnits = cSources.filter((file) => file.endsWith('.c'));
const checks: readonly Check[] = [
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types', command: ['tsc'] },
  {
    name: 'import rules',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', 'agent', 'cli', 'tools', 'central', 'test'],
  },
  { name: 'dead code', command: ['knip', '--no-progress'] },
  { name: 'C format', command: ['clang-format-19', '--dry-run', '-Werror', ...cSources], fromDebian: true },
  {
    name: 'C lint',
    command: ['clang-tidy-19', '--quiet', ...cUnits, '--', '-std=c11', '-Iagent/native'],
    fromDebian: true,
  },
  { name: 'WebAssembly as built from the C', command: ['node', 'agent/native/build.ts', '--check'], fromDebian: true },
];

const failures: string[] = [];
for (const { name, command, fromDebian } of checks) {
  const [program, ...rest] = command;
  const result = spawnSync(program, rest, { encoding: 'utf8', timeout: 300_000 });
  const missing = (result.error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT' || result.status === 3;
  if (missing && fromDebian === true && process.env['CI'] !== 'true') {
    console.log(`NOT RUN  ${name}: install clang-19, lld-19, clang-format-19 and clang-tidy-19 to run it`);
    continue;
  }
  const ok = result.status === 0;
  console.log(`${ok ? 'ok      ' : 'FAILED  '} ${name}`);
  if (ok) continue;
  failures.push(name);
  console.log(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`);
}
if (failures.length > 0) {
  console.log(`Failed: ${failures.join(', ')}.`);
  process.exitCode = 1;
}
