import { decide } from '../core/decide.ts';
import { messageOf } from '../core/errors.ts';
import type { Frame } from '../core/frame.ts';
import { type LiveJudgement, type NotJudged, noVerdict, type PartId } from '../core/part-record.ts';
import type { Manifest } from '../core/recipe.ts';
import type { Camera } from '../ports/camera.ts';
import type { Classification, Classifier } from '../ports/classifier.ts';
import type { Clock } from '../ports/clock.ts';
import type { FrameBook } from './frame-book.ts';

/** What turns a frame into the model's uint8 NHWC tensor. Throws a LinegateError 'bad-image' for a frame it cannot read. */
export interface ToTensor {
  run(frame: Frame): Uint8Array;
  /** Takes back a tensor that nobody reads any more. */
  release(tensor: Uint8Array): void;
}

/** What an inspection needs. */
export interface InspectionTools {
  readonly camera: Camera;
  readonly classifier: Classifier;
  readonly toTensor: ToTensor;
  readonly clock: Clock;
  readonly recipe: Pick<Manifest, 'labels' | 'decision'>;
  /** How far from the trigger a part's frame may have been taken; left out where the camera has no such times. */
  readonly frameWindowNs?: number;
}

/** The part to inspect. */
export interface Subject {
  readonly part: PartId;
  readonly triggerNs: number;
  /** Aborts once nobody waits for the verdict any more. */
  readonly signal: AbortSignal;
}

/**
 * trigger → frame → tensor → scores → verdict for one part. Never rejects: whatever fails is a judgement without a
 * verdict. `framed` hears of the frame as soon as it is there.
 */
export async function inspect(
  tools: InspectionTools,
  frames: FrameBook,
  subject: Subject,
  framed: (frame: Frame) => void,
): Promise<LiveJudgement> {
  const { camera, classifier, toTensor, clock } = tools;
  const { part, triggerNs, signal } = subject;
  const capture = await camera.capture(part, triggerNs, signal);
  if (capture.kind === 'no-frame') return noVerdict('no-frame', capture.reason, clock.nowNs());
  framed(capture.frame);
  const wrong = wrongFrame(tools, frames, subject, capture.frame);
  if (wrong !== undefined) return wrong;
  let tensor: Uint8Array;
  try {
    tensor = toTensor.run(capture.frame);
  } catch (error) {
    return noVerdict('bad-frame', messageOf(error), clock.nowNs());
  }
  const answer = await classifier.classify(tensor, signal);
  // The request of an inspection that was given up may still be in flight, and its tensor with it.
  if (answer.kind === 'scores' || answer.reason !== 'aborted') toTensor.release(tensor);
  return judge(tools, answer);
}

/** A frame of another part, or of another moment, must not decide about this one. */
function wrongFrame(
  { clock, frameWindowNs = Number.POSITIVE_INFINITY }: InspectionTools,
  frames: FrameBook,
  { part, triggerNs }: Subject,
  frame: Frame,
): NotJudged | undefined {
  const owner = frames.take(part, frame);
  if (owner !== undefined) {
    return noVerdict('bad-frame', `frame ${frame.sequence} was part ${owner}'s already`, clock.nowNs());
  }
  const apartNs = frame.clock === 'monotonic' ? Math.abs(frame.sensorNs - triggerNs) : 0;
  if (apartNs <= frameWindowNs) return undefined;
  const [apartMs, windowMs] = [apartNs, frameWindowNs].map((ns) => (ns / 1e6).toFixed(1));
  const detail = `frame ${frame.sequence} was taken ${apartMs} ms away from the trigger, more than ${windowMs} ms`;
  return noVerdict('no-frame', detail, clock.nowNs());
}

function judge({ recipe, clock }: InspectionTools, answer: Classification): LiveJudgement {
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
