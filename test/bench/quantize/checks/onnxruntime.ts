import { logitsOf } from '../../../../tools/quantize/calibrate/logits.ts';
import { pictureTensor } from '../../../../tools/quantize/calibrate/session.ts';
import { spread } from '../../../../tools/quantize/images/list.ts';
import { shapeOf } from '../../../../tools/quantize/ir/graph.ts';
import { topOf } from '../../../../tools/quantize/report/accuracy.ts';
import { cpuInfo, sumsSaturate } from '../../../../tools/quantize/report/cpu.ts';
import { compareOperators, type StepDifference } from '../../../../tools/quantize/verify/against-onnxruntime.ts';
import { check, notRun } from '../../report.ts';
import { rounded } from '../../stats.ts';
import type { Group, Loaded } from '../bench.ts';
import { onnxOutputs, simulatedOutputs } from '../scores.ts';
import { SUBJECT_NAMES } from '../subjects.ts';

const IDS = ['ort-steps', 'ort-share', 'ort-agreement'] as const;
const OPERATOR_PICTURES = 20;
const AGREEMENT_PICTURES = 300;

/** onnxruntime beside the simulator. */
export const onnxruntime: Group = {
  ids: IDS,

  async run(bench) {
    const why = 'This CPU has no VNNI: onnxruntime saturates its sums here, so nothing can be said of its integers.';
    if (sumsSaturate(await cpuInfo())) {
      process.stderr.write(`NOT RUN: ${why}\n`);
      return IDS.map((id) => notRun(id, 'onnxruntime beside the simulator', why));
    }
    const { loaded, lacking } = await bench.loadAll(SUBJECT_NAMES);
    if (loaded.length === 0) return IDS.map((id) => notRun(id, 'onnxruntime beside the simulator', lacking.join(' ')));
    const kinds = new Map<string, StepDifference>();
    const agreements: Record<string, number> = {};
    for (const one of loaded) {
      await addOperators(kinds, one);
      agreements[one.subject.name] = rounded(await agreementOf(one), 4);
    }
    return [...operatorChecks(kinds, lacking), agreementCheck(agreements, lacking)];
  },
};

async function addOperators(kinds: Map<string, StepDifference>, { ours, pictures }: Loaded): Promise<void> {
  const shape = shapeOf(ours.graph, ours.graph.input);
  const tensors = spread(pictures.evaluation, OPERATOR_PICTURES).map(({ pixels }) => pictureTensor(pixels, shape));
  for (const [kind, one] of await compareOperators(ours.graph, ours.plan, tensors)) {
    const before = kinds.get(kind) ?? { numbers: 0, different: 0, furthest: 0 };
    kinds.set(kind, {
      numbers: before.numbers + one.numbers,
      different: before.different + one.different,
      furthest: Math.max(before.furthest, one.furthest),
    });
  }
}

function operatorChecks(kinds: ReadonlyMap<string, StepDifference>, lacking: readonly string[]) {
  const shares = [...kinds].map(([kind, { different, numbers }]) => [kind, rounded(different / numbers, 5)] as const);
  const worst = (values: readonly number[]) => values.reduce((most, one) => Math.max(most, one), 0);
  return [
    check({
      id: 'ort-steps',
      what: 'steps between onnxruntime and the simulator in any one operator',
      value: worst([...kinds.values()].map(({ furthest }) => furthest)),
      limit: 1,
      details: { operators: Object.fromEntries(kinds), lacking },
    }),
    check({
      id: 'ort-share',
      what: 'share of numbers that differ, worst kind of operator',
      value: worst(shares.map(([, share]) => share)),
      limit: 0.015,
      details: { shares: Object.fromEntries(shares) },
    }),
  ];
}

async function agreementOf({ ours, pictures }: Loaded): Promise<number> {
  const pixels = spread(pictures.evaluation, AGREEMENT_PICTURES).map((picture) => picture.pixels);
  // Logits: scores have steps of 1/256 only and are often the same for two labels.
  const shape = shapeOf(ours.graph, ours.graph.input);
  const theirs = await onnxOutputs(ours.onnxWithLogits, shape, pixels, logitsOf(ours.graph));
  const simulated = simulatedOutputs(ours.tfliteWithLogits, pixels, 1);
  const same = theirs.filter((scores, i) => topOf([...scores]) === topOf([...(simulated[i] ?? [])])).length;
  return same / pixels.length;
}

function agreementCheck(agreements: Readonly<Record<string, number>>, lacking: readonly string[]) {
  return check({
    id: 'ort-agreement',
    what: 'pictures for which onnxruntime and the simulator name the same label, worst model',
    value: Math.min(...Object.values(agreements)),
    limit: 0.99,
    bound: 'least',
    details: { models: agreements, lacking },
  });
}
