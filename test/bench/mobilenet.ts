import { TestModel } from '../../tools/quantize/testing/test-model.ts';

/** Expansion, channels, repeats and first stride of the bottlenecks (MobileNetV2, Sandler et al. 2018, table 2). */
const BOTTLENECKS = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** Channels at the width `alpha`: to the nearest multiple of 8, never more than 10 % down. */
function channelsAt(alpha: number, channels: number): number {
  const nearest = Math.max(8, Math.floor((channels * alpha + 4) / 8) * 8);
  return nearest < 0.9 * channels * alpha ? nearest + 8 : nearest;
}

/** Half the width of the even distribution that keeps the size of activations over a layer of `inputs` a sum. */
function spread(inputs: number, halved: boolean): number {
  return Math.sqrt((halved ? 6 : 3) / inputs);
}

class Builder {
  readonly model: TestModel;

  constructor(sidePx: number) {
    this.model = new TestModel([1, 3, sidePx, sidePx]);
  }

  /** A convolution; `group` is `from` for a depthwise one. Its stride 2 halves an even side. */
  conv(
    input: string,
    from: number,
    to: number,
    shape: { kernel: 1 | 3; stride: number; group: number; relu: boolean },
  ) {
    const { kernel, stride, group, relu } = shape;
    const inputs = (from / group) * kernel * kernel;
    const weights = this.model.weights([to, from / group, kernel, kernel], spread(inputs, relu));
    const pads = kernel === 1 ? [0, 0, 0, 0] : stride === 1 ? [1, 1, 1, 1] : [0, 0, 1, 1];
    const bias = this.model.weights([to], 0.1);
    const sum = this.model.op('Conv', [input, weights, bias], { pads, group, strides: [stride, stride] });
    if (!relu) return sum;
    return this.model.op('Clip', [sum, this.model.floats([], [0]), this.model.floats([], [6])]);
  }

  bottleneck(input: string, from: number, to: number, expansion: number, stride: number): string {
    const wide = from * expansion;
    const point = { kernel: 1, stride: 1, group: 1 } as const;
    const opened = expansion === 1 ? input : this.conv(input, from, wide, { ...point, relu: true });
    const deep = this.conv(opened, wide, wide, { kernel: 3, stride, group: wide, relu: true });
    const closed = this.conv(deep, wide, to, { ...point, relu: false });
    return stride === 1 && from === to ? this.model.op('Add', [input, closed]) : closed;
  }
}

/**
 * A float MobileNetV2 of the width `alpha` for RGB pictures of `sidePx`, with random weights that are always the same:
 * its scores mean nothing, its time is that of a trained one.
 */
export function mobileNetV2(alpha: number, sidePx: number, labels: number): Uint8Array {
  const net = new Builder(sidePx);
  let from = channelsAt(alpha, 32);
  let value = net.conv('image', 3, from, { kernel: 3, stride: 2, group: 1, relu: true });
  for (const [expansion, channels, repeats, firstStride] of BOTTLENECKS) {
    const to = channelsAt(alpha, channels);
    for (let turn = 0; turn < repeats; turn += 1) {
      value = net.bottleneck(value, from, to, expansion, turn === 0 ? firstStride : 1);
      from = to;
    }
  }
  const last = alpha > 1 ? channelsAt(alpha, 1280) : 1280;
  const top = net.conv(value, from, last, { kernel: 1, stride: 1, group: 1, relu: true });
  const { model } = net;
  const flat = model.op('Flatten', [model.op('GlobalAveragePool', [top])]);
  const logits = model.op('Gemm', [
    flat,
    model.weights([last, labels], spread(last, false)),
    model.weights([labels], 0.1),
  ]);
  return model.finish(model.op('Softmax', [logits], { axis: -1 }));
}
