import { predictArena } from '../../../../tools/quantize/arena/predict.ts';
import { spread } from '../../../../tools/quantize/images/list.ts';
import type { TfliteModel } from '../../../../tools/quantize/tflite/model.ts';
import { compareWith } from '../../../oracles/compare.ts';
import { goldenNetwork } from '../../../oracles/golden-networks.ts';
import { networks, randomInputs } from '../../../oracles/networks.ts';
import { hasTflm, runTflm, type TflmRun } from '../../../oracles/tflm.ts';
import { check } from '../../report.ts';
import { rounded } from '../../stats.ts';
import type { Bench, Group } from '../bench.ts';
import { storedInput } from '../scores.ts';
import { SUBJECT_NAMES } from '../subjects.ts';

const PICTURES = 100;
const host = { pointerBytes: 8, kernels: 'reference' } as const;

interface Line {
  readonly name: string;
  readonly engine: 'stored outputs of TensorFlow Lite Micro' | 'TensorFlow Lite Micro, run now';
  readonly numbers: number;
  readonly mismatches: number;
  readonly arenaBytes: number;
  readonly predictedBytes: number;
}

/** The simulator and the arena planner beside TensorFlow Lite Micro itself. */
export const simulator: Group = {
  ids: ['simulator-mismatches', 'arena-least', 'arena-most'],

  async run(bench) {
    const lines = [...stored(), ...(hasTflm() ? await live(bench) : [])];
    const ratios = lines.map(({ arenaBytes, predictedBytes }) => predictedBytes / arenaBytes);
    const ratio = 'arena as predicted over what the interpreter used';
    return [
      check({
        id: 'simulator-mismatches',
        what: 'scores and logits that differ from TensorFlow Lite Micro, all networks',
        value: lines.reduce((sum, { mismatches }) => sum + mismatches, 0),
        limit: 0,
        details: { topologies: lines },
      }),
      check({
        id: 'arena-least',
        what: `${ratio}, least`,
        value: rounded(Math.min(...ratios), 4),
        limit: 1,
        bound: 'least',
      }),
      check({ id: 'arena-most', what: `${ratio}, most`, value: rounded(Math.max(...ratios), 4), limit: 1.1 }),
    ];
  },
};

function stored(): Line[] {
  return (Object.keys(networks) as (keyof typeof networks)[]).map((name) => {
    const { model, run } = goldenNetwork(name);
    return lineOf(name, 'stored outputs of TensorFlow Lite Micro', model, randomInputs(run.outputs.length), run);
  });
}

async function live(bench: Bench): Promise<Line[]> {
  const { loaded } = await bench.loadAll(SUBJECT_NAMES);
  return loaded.map(({ subject, pictures, ours }) => {
    const inputs = spread(pictures.evaluation, PICTURES).map(({ pixels }) => storedInput(pixels));
    const model = ours.tfliteWithLogits;
    // Logits as an output stay in the arena to the end: what is predicted is this form of the file.
    return lineOf(subject.name, 'TensorFlow Lite Micro, run now', model, inputs, runTflm(model, inputs));
  });
}

function lineOf(
  name: string,
  engine: Line['engine'],
  model: TfliteModel,
  inputs: readonly Int8Array[],
  { outputs, arenaBytes }: TflmRun,
): Line {
  const { numbers, mismatches } = compareWith(model, inputs, outputs);
  return { name, engine, numbers, mismatches, arenaBytes, predictedBytes: predictArena(model, host).totalBytes };
}
