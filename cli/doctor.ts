import { LinegateError } from '../agent/core/errors.ts';
import { checkIds, examine } from '../agent/doctor/doctor.ts';
import type { Finding, FindingState } from '../agent/doctor/finding.ts';
import { SystemHost } from '../agent/doctor/probes/system-host.ts';
import { systemProbes } from '../agent/doctor/probes/system-probes.ts';
import { readWants } from '../agent/doctor/wants.ts';
import { nativeProgram } from '../agent/native/programs-path.ts';
import { lineOf, summaryOf } from './doctor/text.ts';
import { version } from './version.ts';

const longestCameraSeconds = 60;

export interface DoctorOptions {
  readonly station?: string | undefined;
  readonly json: boolean;
  readonly only?: string | undefined;
  readonly cameraSeconds: number;
}

/** Looks at this computer and prints what it found; exit status 1 when a check fails. Throws LinegateError for bad arguments. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const { station, json, only, cameraSeconds } = options;
  check(options);
  const tools = {
    host: new SystemHost(),
    probes: systemProbes,
    wants: station === undefined ? null : readWants(station),
    cameraSeconds,
    gpioProgram: nativeProgram('linegate-gpioinfo'),
    nowMs: Date.now(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  let group = '';
  const tell = (finding: Finding): void => {
    if (json) return;
    process.stdout.write(lineOf(finding, finding.group !== group));
    group = finding.group;
  };
  const findings = await examine(tools, only, tell);
  if (findings.some(({ state }) => state === 'fail')) process.exitCode = 1;
  const last = json ? `${JSON.stringify(document(findings, station), null, 2)}\n` : summaryOf(findings);
  await new Promise<void>((resolve) => process.stdout.write(last, () => resolve()));
  // A name server or a disk that does not answer would hold up the end of a process that has said all.
  process.exit();
}

function check({ only, cameraSeconds }: DoctorOptions): void {
  if (only !== undefined && !checkIds.includes(only)) {
    throw new LinegateError('bad-argument', `There is no check "${only}"; the checks are ${checkIds.join(', ')}.`);
  }
  if (cameraSeconds >= 1 && cameraSeconds <= longestCameraSeconds) return;
  const message = `Frames cannot be counted for ${cameraSeconds} s; give --camera-seconds from 1 to ${longestCameraSeconds}.`;
  throw new LinegateError('bad-argument', message);
}

/** The document of --json; docs/doctor.md says what is where. */
function document(findings: readonly Finding[], station: string | undefined): Record<string, unknown> {
  const count = (state: FindingState): number => findings.filter((each) => each.state === state).length;
  const counts = { ok: count('ok'), warn: count('warn'), fail: count('fail'), notRun: count('not-run') };
  const head = { v: 1, software: version(), station: station ?? null, wallMs: Date.now() };
  return { ...head, state: stateOf(counts), counts, findings };
}

function stateOf(counts: { readonly warn: number; readonly fail: number }): 'ok' | 'warn' | 'fail' {
  if (counts.fail > 0) return 'fail';
  return counts.warn > 0 ? 'warn' : 'ok';
}
