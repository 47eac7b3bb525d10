import type { Interval } from '../../evaluate/stats/binomial.ts';
import type { VerdictShares } from '../bundle/verdicts.ts';
import type { ScaleSource } from '../calibrate/choose-plan.ts';
import type { LayerSensitivity } from '../calibrate/sensitivity.ts';
import type { Trial } from '../calibrate/tune.ts';
import type { Evaluation } from './accuracy.ts';
import type { ChangedPicture } from './changed.ts';
import type { Difference, Gain } from './difference.ts';
import type { PassRecord } from './explain.ts';
import type { OperatorCounts } from './fusion.ts';
import type { Latency } from './latency.ts';

/** What was done and what it cost; report.json. */
export interface Report {
  readonly name: string;
  /** Of the INT8 model.onnx, hexadecimal. */
  readonly modelSha256: string;
  readonly sizeBytes: { readonly float: number; readonly int8: number };
  /** model.tflite, and the arena that TensorFlow Lite Micro's reference kernels need with 4-byte pointers. */
  readonly esp?: { readonly sizeBytes: number; readonly arenaBytes: number };
  /** What each pass of the compiler did, in their order. */
  readonly passes: readonly PassRecord[];
  readonly calibration: {
    readonly pictures: number;
    /** The ways to take ranges with their held-out logit noise ratio; the first was used. */
    readonly observers: readonly { readonly observer: ScaleSource; readonly logitSqnrDb: number }[];
  };
  /** All that was tried on the calibration pictures to follow the float model more closely; one of it was kept. */
  readonly tuning?: readonly Trial[];
  /** What each layer alone costs; the dearest first. */
  readonly sensitivity?: readonly LayerSensitivity[];
  /** How well each layer's output follows the float model's, in dB, in the order of the network. */
  readonly layers: readonly { readonly name: string; readonly operator: string; readonly sqnrDb: number }[];
  readonly evaluation?: Evaluation & {
    /** 95 % intervals of each model's accuracy alone; `difference` says how the two differ on the same pictures. */
    readonly accuracyIntervals: { readonly float: Interval; readonly int8: Interval };
    readonly difference: Difference;
    /** Of the INT8 model. */
    readonly verdicts: VerdictShares;
    readonly floatVerdicts: VerdictShares;
    /** Pictures whose verdict is another one with INT8. */
    readonly changed: readonly ChangedPicture[];
  };
  /** Operators after onnxruntime's optimisation on this machine. */
  readonly optimised: OperatorCounts;
  /** One thread of `machine`. */
  readonly latencyMs: { readonly float: Latency; readonly int8: Latency };
  readonly machine: string;
  readonly warnings: readonly string[];
}

/** The report as lines for a person. */
export function reportText(report: Report): string {
  const { sizeBytes, esp, calibration, layers, evaluation, latencyMs, warnings } = report;
  const worst = [...layers].sort((a, b) => a.sqnrDb - b.sqnrDb).slice(0, 3);
  return [
    `${report.name}: ${kilobytes(sizeBytes.float)} float, ${kilobytes(sizeBytes.int8)} INT8`,
    ...(esp ? [`  ESP32: model.tflite ${kilobytes(esp.sizeBytes)}, arena ${kilobytes(esp.arenaBytes)}`] : []),
    ...calibration.observers.map(
      ({ observer, logitSqnrDb }, i) =>
        `  ${observer === 'as given' ? 'the scales of the file' : `ranges by ${observer}`}: logits ${logitSqnrDb.toFixed(1)} dB${i === 0 ? ' (used)' : ''}`,
    ),
    `  weakest layers: ${worst.map(({ name, sqnrDb }) => `${name} ${sqnrDb.toFixed(1)} dB`).join(', ')}`,
    ...(evaluation ? evaluationLines(evaluation) : []),
    `  latency, one thread: float ${latencyMs.float.median} ms, INT8 ${latencyMs.int8.median} ms`,
    ...warnings.map((warning) => `warning: ${warning}`),
  ].join('\n');
}

function evaluationLines(evaluation: NonNullable<Report['evaluation']>): string[] {
  const { pictures, float, int8, sameLabel, difference, verdicts, changed } = evaluation;
  return [
    `  accuracy on ${pictures} pictures: float ${percent(float.accuracy)}, INT8 ${percent(int8.accuracy)}`,
    `  balanced over labels: float ${percent(float.balancedAccuracy)}, INT8 ${percent(int8.balancedAccuracy)}`,
    `  ${differenceText(difference)}`,
    `  same label from both: ${percent(sameLabel)}; ${changed.length} pictures get another verdict`,
    `  verdicts: ${percent(verdicts.escapes)} of defects pass, ${percent(verdicts.falseRejects)} of good parts do not, ${percent(verdicts.reviews)} reviews`,
  ];
}

/** How much better (or worse, below 0) INT8 is. */
function differenceText({ accuracy, balancedAccuracy, groups }: Difference): string {
  return `INT8 less float, in points (95 % over ${groups} groups): accuracy ${points(accuracy)}, balanced ${points(balancedAccuracy)}`;
}

function points({ value, interval }: Gain): string {
  const [shown, low, high] = [value, ...interval].map((share) => (100 * share).toFixed(2));
  return `${shown} (${low} to ${high})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
