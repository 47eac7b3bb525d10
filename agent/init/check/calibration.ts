import {
  type Calibration,
  type CalibrationFile,
  calibrationSchema,
  checkFigures,
  oneUnit,
} from '../../config/calibration.ts';
import { messageOf } from '../../core/errors.ts';
import { broken, type Finding, Findings } from './findings.ts';
import { parseYaml } from './yaml.ts';

/** What a calibration file says, as far as it can be used, and what is wrong with it. */
export interface CheckedCalibration {
  readonly calibration: Calibration | null;
  readonly findings: readonly Finding[];
}

/** Checks the text of a calibration: its fields, and that its figures can work together. */
export function checkCalibration(name: string, text: string): CheckedCalibration {
  const parsed = parseYaml(text);
  if (parsed.kind === 'broken') return { calibration: null, findings: broken(name, parsed.faults) };
  const findings = new Findings(name, parsed.file);
  const result = calibrationSchema.safeParse(parsed.file.value);
  if (!result.success) {
    findings.issues(result.error);
    return { calibration: null, findings: findings.sorted() };
  }
  const calibration = oneUnit(result.data);
  try {
    checkFigures(calibration);
  } catch (error) {
    findings.fault([delayField(result.data)], messageOf(error));
    return { calibration: null, findings: findings.sorted() };
  }
  return { calibration, findings: findings.sorted() };
}

function delayField(file: CalibrationFile): string {
  return 'delayCounts' in file ? 'delayCounts' : 'delayMs';
}
