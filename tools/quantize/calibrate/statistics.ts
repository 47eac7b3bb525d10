import type { Tensor } from 'onnxruntime-node';
import { floatOnnx } from '../emit/float-onnx.ts';
import { exposedName } from '../emit/onnx-file.ts';
import { channelsOf, type Graph, shapeOf } from '../ir/graph.ts';
import type { ActivationScale } from '../quantize/plan.ts';
import { ChannelStatistics } from './channel-statistics.ts';
import { openSession, runSession } from './session.ts';

/** What the numbers of every value were over the calibration pictures, a channel each: of the input and every node's output. */
export type Statistics = ReadonlyMap<string, readonly ChannelStatistics[]>;

/** Runs the float graph once over `pictures` and looks at every value. Sums of their numbers follow the order of `pictures`. */
export async function collectStatistics(
  graph: Graph,
  pictures: readonly Tensor[],
  input?: ActivationScale,
): Promise<Statistics> {
  const values = [graph.input, ...graph.nodes.map(({ output }) => output)];
  const session = await openSession(floatOnnx(graph, values, input));
  const seen = new Map(values.map((value) => [value, channelsFor(graph, value)]));
  for (const picture of pictures) {
    const results = await runSession(session, picture);
    for (const [value, channels] of seen) add(channels, results.get(exposedName(value)) ?? new Float32Array());
  }
  return seen;
}

function channelsFor(graph: Graph, value: string): ChannelStatistics[] {
  return Array.from({ length: channelsOf(shapeOf(graph, value)) }, () => new ChannelStatistics());
}

/** Adds one picture's numbers, channels first. */
function add(channels: readonly ChannelStatistics[], numbers: Float32Array): void {
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  const places = numbers.length / channels.length;
  for (const [at, channel] of channels.entries()) channel.add(numbers, bits, at * places, places);
}
