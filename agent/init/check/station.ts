import path from 'node:path';
import type { Calibration } from '../../config/calibration.ts';
import { gatekeeperLineSchema } from '../../config/gatekeeper.ts';
import { gatekeeperConf } from '../../config/gatekeeper-conf.ts';
import { misfits, stationSchema } from '../../config/station.ts';
import { LinegateError, messageOf } from '../../core/errors.ts';
import { checkCalibration } from './calibration.ts';
import { checkDeadline } from './deadline.ts';
import { broken, type Finding, Findings, textAt, valueAt } from './findings.ts';
import { checkPins } from './pins.ts';
import type { Surroundings } from './surroundings.ts';
import { checkUplink } from './uplink.ts';
import { parseYaml } from './yaml.ts';

/**
 * All that is wrong with a station file and with what it names, in the order in which it stands there, the calibration's after it.
 * What one fault hides is looked at all the same where that can be done. Paths are relative to the file.
 */
export function checkStation(file: string, text: string, around: Surroundings): Finding[] {
  const parsed = parseYaml(text);
  if (parsed.kind === 'broken') return broken(file, parsed.faults);
  const document = parsed.file.value;
  const base = path.dirname(path.resolve(file));
  const findings = new Findings(file, parsed.file);
  checkPins(document, findings);
  checkKinds(document, findings);
  const station = stationSchema.safeParse(document);
  if (!station.success) findings.issues(station.error);
  checkRecipe(document, base, around, findings);
  checkUplink(document, base, around, findings);
  const { calibration, findings: more } = lookAtCalibration(document, base, around, findings);
  if (calibration !== null) {
    checkFit(document, calibration, findings);
    const camera = stationSchema.shape.camera.safeParse(valueAt(document, 'camera'));
    if (camera.success) checkDeadline(camera.data, calibration, findings);
  }
  return [...findings.sorted(), ...more];
}

function checkKinds(document: unknown, findings: Findings): void {
  const kind = (...at: string[]): unknown => valueAt(document, ...at, 'kind');
  const kinds = { line: kind('line'), trigger: kind('line', 'trigger'), camera: kind('camera') };
  // Where one is missing the schema says so.
  if (kinds.line === undefined || kinds.camera === undefined) return;
  for (const { path: at, message } of misfits(kinds)) {
    findings.fault(at, `${at.join('.')} is ${JSON.stringify(valueAt(document, ...at)) ?? 'missing'} (${message}).`);
  }
}

function checkRecipe(document: unknown, base: string, around: Surroundings, findings: Findings): void {
  const recipe = textAt(document, 'recipe');
  if (recipe === undefined || recipe === '') return;
  const fault = around.recipeFault(recipe, textAt(document, 'stateFolder') ?? 'state', base);
  if (fault !== null) findings.fault(['recipe'], fault);
}

/** A station that is not commissioned yet has no calibration: that is no fault of the file. */
function lookAtCalibration(
  document: unknown,
  base: string,
  around: Surroundings,
  findings: Findings,
): { readonly calibration: Calibration | null; readonly findings: readonly Finding[] } {
  const name = textAt(document, 'line', 'calibration');
  if (name === undefined || name === '') return { calibration: null, findings: [] };
  const at = ['line', 'calibration'];
  const file = path.resolve(base, name);
  const found = around.read(file);
  if (found.kind === 'text') return checkCalibration(file, found.text);
  if (found.kind === 'absent') {
    const sentence = `line.calibration names ${name}, which is not there yet; the station cannot start before "linegate init --delay-ms" writes a first one and "linegate commission" measures it.`;
    findings.warning(at, sentence);
  } else {
    findings.fault(at, `line.calibration names ${name}, which cannot be read: ${found.why}.`);
  }
  return { calibration: null, findings: [] };
}

/** What only the line and the calibration together show to be wrong. */
function checkFit(document: unknown, calibration: Calibration, findings: Findings): void {
  const at = ['line', 'calibration'];
  if (textAt(document, 'line', 'kind') === 'software') {
    if (calibration.base === 'time' && calibration.reviewGate === undefined) return;
    const what = calibration.base === 'encoder' ? 'counts an encoder' : 'has a second gate';
    findings.fault(at, `The calibration ${what}, which only line.kind "gatekeeper" can do; measure anew without.`);
    return;
  }
  const line = gatekeeperLineSchema.safeParse(valueAt(document, 'line'));
  if (!line.success) return;
  try {
    gatekeeperConf({ station: 'checked', line: line.data, calibration });
  } catch (error) {
    if (!(error instanceof LinegateError)) throw error;
    findings.fault(at, messageOf(error));
  }
}
