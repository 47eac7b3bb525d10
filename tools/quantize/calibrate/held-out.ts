import { createHash } from 'node:crypto';
import type { Tensor } from 'onnxruntime-node';
import { floatOnnx } from '../emit/float-onnx.ts';
import { exposedName } from '../emit/onnx-file.ts';
import { qdqOnnx } from '../emit/qdq-onnx.ts';
import type { Graph } from '../ir/graph.ts';
import type { ActivationScale, QuantPlan } from '../quantize/plan.ts';
import { type Engine, thisThread } from './engine.ts';
import { logitsOf } from './logits.ts';
import { NoiseRatio } from './sqnr.ts';

/** One in so many calibration pictures is held out to choose by. */
const HOLD_OUT_EVERY = 5;

/** Calibration pictures to take ranges from, and others to judge by. */
export interface Split {
  readonly used: readonly Tensor[];
  readonly heldOut: readonly Tensor[];
}

/** Splits `pictures` by what they hold, so that their order changes nothing, not even the last bit of a sum. */
export function splitPictures(pictures: readonly Tensor[]): Split {
  const keyed = pictures.map((picture) => ({ picture, key: digestOf(picture) }));
  const sorted = keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ picture }) => picture);
  const heldOut = sorted.filter((_, i) => i % HOLD_OUT_EVERY === 0);
  const used = sorted.filter((_, i) => i % HOLD_OUT_EVERY !== 0);
  // Of a handful of pictures none can be spared.
  return { heldOut, used: sorted.length > HOLD_OUT_EVERY ? used : sorted };
}

function digestOf({ data }: Tensor): string {
  return createHash('sha256')
    .update(data as Uint8Array)
    .digest('hex');
}

interface JudgeOptions {
  /** The scale of the uint8 picture; pixels / 255 by default. */
  readonly input?: ActivationScale | undefined;
  readonly engine?: Engine | undefined;
}

/** Says how well a quantised network follows the float one on pictures that gave no ranges. */
export class Judge {
  readonly #heldOut: readonly Tensor[];
  readonly #exact: readonly Float32Array[];
  readonly #engine: Engine;

  private constructor(heldOut: readonly Tensor[], exact: readonly Float32Array[], engine: Engine) {
    this.#heldOut = heldOut;
    this.#exact = exact;
    this.#engine = engine;
  }

  /** Runs the float network once over `heldOut`. */
  static async open(
    graph: Graph,
    heldOut: readonly Tensor[],
    { input, engine = thisThread }: JudgeOptions = {},
  ): Promise<Judge> {
    const logits = logitsOf(graph);
    const exact = await engine.outputs(floatOnnx(graph, [logits], input), exposedName(logits), heldOut);
    return new Judge(heldOut, exact, engine);
  }

  /** The noise ratio of the logits in dB; `graph` may compute the same in another way. */
  async sqnrDb(graph: Graph, plan: QuantPlan): Promise<number> {
    const logits = logitsOf(graph);
    return this.sqnrOf(qdqOnnx(graph, plan, [logits]), logits);
  }

  /** The noise ratio in dB of a file that exposes `logits`. */
  async sqnrOf(model: Uint8Array, logits: string): Promise<number> {
    const ratio = new NoiseRatio();
    const rough = await this.#engine.outputs(model, exposedName(logits), this.#heldOut);
    for (const [at, exact] of this.#exact.entries()) ratio.add(exact, rough[at] ?? new Float32Array());
    return ratio.db;
  }
}
