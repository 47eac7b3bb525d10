import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { exposedName } from '../emit/onnx-file.ts';
import { runSession } from './session.ts';

/** Reported for a value without any error, whose ratio is infinite. */
const EXACT_DB = 200;
const NONE = new Float32Array();

/** Signal to quantisation noise of numbers added up over many tensors. */
export class NoiseRatio {
  #signal = 0;
  #noise = 0;

  /** Adds a float tensor and what the integers made of it. */
  add(exact: Float32Array, quantised: Float32Array): void {
    let [signal, noise] = [this.#signal, this.#noise];
    for (let i = 0; i < exact.length; i += 1) {
      const number = exact[i] ?? 0;
      const error = number - (quantised[i] ?? 0);
      signal += number * number;
      noise += error * error;
    }
    [this.#signal, this.#noise] = [signal, noise];
  }

  /** In dB; 200 when nothing differs. */
  get db(): number {
    return this.#noise === 0 ? EXACT_DB : 10 * Math.log10(this.#signal / this.#noise);
  }
}

/** The noise ratio in dB of every exposed value of two models over `pictures`. */
export async function noiseRatios(
  float: InferenceSession,
  quantised: InferenceSession,
  values: readonly string[],
  pictures: readonly Tensor[],
): Promise<Map<string, number>> {
  const ratios = new Map(values.map((value) => [value, new NoiseRatio()]));
  for (const picture of pictures) {
    const exact = await runSession(float, picture);
    const rough = await runSession(quantised, picture);
    for (const [value, ratio] of ratios) {
      ratio.add(exact.get(exposedName(value)) ?? NONE, rough.get(exposedName(value)) ?? NONE);
    }
  }
  return new Map([...ratios].map(([value, ratio]) => [value, ratio.db]));
}
