import type { WeightedNode } from '../ir/graph.ts';

/** The values that a tensor takes over the calibration images. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** real = (stored - zeroPoint) * scale with stored 0 to 255; TFLite's int8 is stored - 128, so both mean the same. */
export interface ActivationScale {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** A layer's integers. `weights` lie as in the graph, within -127 to 127; real = weight * scale of its channel. */
export interface LayerIntegers {
  readonly weights: Int8Array;
  /** One an output channel for convolutions, a single one for fully connected layers. */
  readonly scales: Float32Array;
  /** In units of input scale * weight scale. */
  readonly bias: Int32Array;
}

/** All integers and scales of a quantised network; every emitter writes this one. */
export interface QuantPlan {
  /** By value name. */
  readonly activations: ReadonlyMap<string, ActivationScale>;
  /** By node name. */
  readonly layers: ReadonlyMap<WeightedNode['name'], LayerIntegers>;
  /** Names of nodes that stay float; only ONNX can hold them. */
  readonly float?: ReadonlySet<string>;
}
