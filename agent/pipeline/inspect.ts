import { decide } from '../core/decide.ts';
import { messageOf } from '../core/errors.ts';
import type { Frame } from '../core/frame.ts';
import { type Judgement, noVerdict, type PartId } from '../core/part-record.ts';
import type { Manifest } from '../core/recipe.ts';
import type { Camera } from '../ports/camera.ts';
import type { Classification, Classifier } from '../ports/classifier.ts';
import type { Clock } from '../ports/clock.ts';

/** What turns a frame into the model's uint8 NHWC tensor. Throws a LinegateError 'bad-image' for a frame it cannot read. */
export interface ToTensor {
  run(frame: Frame): Uint8Array;
}

/** What an inspection needs. */
export interface InspectionTools {
  readonly camera: Camera;
  readonly classifier: Classifier;
  readonly toTensor: ToTensor;
  readonly clock: Clock;
  readonly recipe: Pick<Manifest, 'labels' | 'decision'>;
}

/**
 * trigger → frame → tensor → scores → verdict for one part. Never rejects: whatever fails is a judgement without a
 * verdict. `framed` hears of the frame as soon as it is there.
 */
export async function inspect(
  tools: InspectionTools,
  part: PartId,
  triggerNs: number,
  signal: AbortSignal,
  framed: (frame: Frame) => void,
): Promise<Judgement> {
  const { camera, classifier, toTensor, clock } = tools;
  const capture = await camera.capture(part, triggerNs, signal);
  if (capture.kind === 'no-frame') return noVerdict('no-frame', capture.reason, clock.nowNs());
  framed(capture.frame);
  let tensor: Uint8Array;
  try {
    tensor = toTensor.run(capture.frame);
  } catch (error) {
    return noVerdict('bad-frame', messageOf(error), clock.nowNs());
  }
  return judge(tools, await classifier.classify(tensor, signal));
}

function judge({ recipe, clock }: InspectionTools, answer: Classification): Judgement {
  const atNs = clock.nowNs();
  if (answer.kind === 'failed') {
    const reason = answer.reason === 'aborted' ? 'late' : answer.reason;
    return noVerdict(reason, answer.detail, atNs);
  }
  const decision = decide(recipe, answer.scores);
  if (decision === undefined) {
    return noVerdict('bad-answer', `the classifier's scores are not usable: ${answer.scores.join(', ')}`, atNs);
  }
  return { kind: 'verdict', ...decision, scores: answer.scores, atNs };
}
