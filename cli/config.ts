import { readSmallFile } from '../agent/config/read.ts';
import { jsonSchema } from '../agent/config/schema/json-schema.ts';
import type { SchemaName } from '../agent/config/schema/names.ts';
import type { Finding } from '../agent/init/check/findings.ts';
import { checkStation } from '../agent/init/check/station.ts';
import { systemSurroundings } from '../agent/init/check/system.ts';

/** Prints all that is wrong with a station file; exit status 1 when it cannot run. Throws a LinegateError 'bad-config' when there is none. */
export function configCheck(file: string, json: boolean): void {
  const findings = checkStation(file, readSmallFile(file, 'station configuration', 'bad-config'), systemSurroundings);
  const faults = findings.filter(({ level }) => level === 'fault').length;
  const warnings = findings.length - faults;
  if (json) {
    process.stdout.write(`${JSON.stringify({ v: 1, file, ok: faults === 0, faults, warnings, findings }, null, 2)}\n`);
  } else {
    process.stdout.write(findings.map(lineOf).join(''));
    process.stdout.write(`${summary(file, faults, warnings)}\n`);
  }
  if (faults > 0) process.exitCode = 1;
}

/** Prints a JSON Schema. */
export function configSchema(name: SchemaName): void {
  process.stdout.write(`${JSON.stringify(jsonSchema(name), null, 2)}\n`);
}

/** As compilers write it, so that editors and terminals jump to it. */
function lineOf({ file, line, column, level, sentence }: Finding): string {
  return `${file}:${line}:${column}: ${level}: ${sentence}\n`;
}

function summary(file: string, faults: number, warnings: number): string {
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  const also = warnings === 0 ? '' : `, ${count(warnings, 'warning')}`;
  if (faults === 0) return `${file} can be used${also}.`;
  return `${file} cannot be used: ${count(faults, 'fault')}${also}.`;
}
