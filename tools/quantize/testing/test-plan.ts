import type { Graph } from '../ir/graph.ts';
import { channelsOf, shapeOf } from '../ir/graph.ts';
import { givenPlan } from '../quantize/given-plan.ts';
import { makePlan } from '../quantize/make-plan.ts';
import type { QuantPlan } from '../quantize/plan.ts';

/** A plan without any picture: every value from -2 to 4, and 1/16 wider for every node, so that no two scales are alike; a file's own where it has them. */
export function testPlan(graph: Graph): QuantPlan {
  const values = [graph.input, ...graph.nodes.map(({ output }) => output)];
  const ranges = new Map(values.map((value, i) => [value, { min: -2, max: 4 + i / 16 }]));
  if (graph.given !== undefined) return givenPlan(graph, ranges);
  return makePlan(graph, {
    ranges,
    means: new Map(values.map((value) => [value, new Float32Array(channelsOf(shapeOf(graph, value)))])),
  });
}
