import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { LinegateError } from '../../../agent/core/errors.ts';
import { logitsOf } from '../calibrate/choose-plan.ts';
import { floatTensor, openSession, pictureTensor, runSession } from '../calibrate/session.ts';
import { floatOnnx } from '../emit/float-onnx.ts';
import { exposedName, OUTPUT_NAME } from '../emit/onnx-file.ts';
import { type Graph, shapeOf } from '../ir/graph.ts';
import { transposed } from '../onnx/reorder.ts';

/** Of the largest number in the output; folding changes the last bits only. */
const TOLERANCE = 1e-3;
/** The compiled graph does not round where a quantised file does. */
const QUANTISED_TOLERANCE = 0.25;

/** The file as it was given, run by onnxruntime: what everything is measured against. */
export class Original {
  readonly session: InferenceSession;
  readonly #graph: Graph;

  private constructor(session: InferenceSession, graph: Graph) {
    this.session = session;
    this.#graph = graph;
  }

  /** Opens the file from which `graph` was compiled. Throws LinegateError 'bad-model'. */
  static async open(file: Uint8Array, graph: Graph): Promise<Original> {
    return new Original(await openSession(file), graph);
  }

  /** A picture as the file takes it: fractions of 255, channels first or last. */
  input(pixels: Uint8Array): Tensor {
    const shape = shapeOf(this.#graph, this.#graph.input);
    const fractions = new Float32Array(pixels);
    for (let i = 0; i < fractions.length; i += 1) fractions[i] = (fractions[i] ?? 0) / 255;
    const [metadata] = this.session.inputMetadata;
    const last = metadata?.isTensor === true && metadata.shape[3] === shape[3] && metadata.shape[1] === shape[1];
    if (last) return floatTensor(fractions, shape);
    const turned = transposed(fractions, shape, [0, 3, 1, 2]);
    return floatTensor(turned.data, turned.shape);
  }

  /**
   * Checks that the compiled graph, still in float, computes what the file computes.
   * Throws LinegateError 'bad-model' when it does not: then the file means something that was read wrongly.
   */
  async checkSame(pictures: readonly Uint8Array[]): Promise<void> {
    const difference = await this.difference(pictures);
    if (difference <= (this.#graph.given === undefined ? TOLERANCE : QUANTISED_TOLERANCE)) return;
    if (Number.isNaN(difference)) {
      throw new LinegateError(
        'bad-model',
        'The model gives scores that are no finite numbers; train or export it again.',
      );
    }
    throw new LinegateError(
      'bad-model',
      `The model was not understood: its output as read differs by ${difference.toPrecision(2)} of its size from the file's own; please report this model.`,
    );
  }

  /** The largest difference between the file's and the compiled graph's output, as a fraction of the output's size. */
  async difference(pictures: readonly Uint8Array[]): Promise<number> {
    const logits = logitsOf(this.#graph);
    const compiled = await openSession(floatOnnx(this.#graph, [logits]));
    const shape = shapeOf(this.#graph, this.#graph.input);
    const differences: number[] = [];
    for (const pixels of pictures) {
      const [expected = new Float32Array()] = (await runSession(this.session, this.input(pixels))).values();
      const ours = await runSession(compiled, pictureTensor(pixels, shape));
      // A file may end with logits or with scores.
      const candidates = [ours.get(OUTPUT_NAME), ours.get(exposedName(logits))];
      differences.push(Math.min(...candidates.map((output) => differenceOf(expected, output))));
    }
    return Math.max(...differences);
  }
}

function differenceOf(expected: Float32Array, actual: Float32Array | undefined): number {
  if (actual?.length !== expected.length) return Number.POSITIVE_INFINITY;
  const size = Math.max(...expected.map(Math.abs), 1e-6);
  return Math.max(...expected.map((number, i) => Math.abs(number - (actual[i] ?? 0)))) / size;
}
