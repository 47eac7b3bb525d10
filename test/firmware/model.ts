import path from 'node:path';
import { firmwareFiles, writeFirmware } from '../../tools/quantize/firmware/bundle.ts';
import type { FirmwareRecipe } from '../../tools/quantize/firmware/model.ts';
import { builtins } from '../../tools/quantize/tflite/builtins.ts';
import { elementsOf, type TfliteModel, tensorAt } from '../../tools/quantize/tflite/model.ts';
import { readTflite } from '../../tools/quantize/tflite/read.ts';
import { writeTflite } from '../../tools/quantize/tflite/write.ts';
import { type Check, equals, notRun } from '../faults/check.ts';
import { compareWith } from '../oracles/compare.ts';
import { goldenNetwork } from '../oracles/golden-networks.ts';
import { networks, randomInputs } from '../oracles/networks.ts';
import { hasTflm, runTflm } from '../oracles/tflm.ts';
import { bundleFiles, bundleScores, espBundles } from './bundles.ts';
import { build, tests } from './cmake.ts';
import { missingPrograms, runProgram } from './programs.ts';
import type { FirmwareRun, FirmwareSuite } from './suite.ts';

const names = Object.keys(networks) as (keyof typeof networks)[];
const PICTURES = 3;
const RUN_MS = 60_000;

/**
 * The generated component of networks that between them use every operator, and of the project's own models: it compiles and lies aligned, its resolver has the
 * very operators of the file, and the scores of its golden vectors are those of an interpreter that we did not write.
 */
export const modelSuite: FirmwareSuite = {
  name: 'model',
  run: async (run) => {
    const present = hasTflm();
    const bundles = espBundles();
    const checks = [
      ...names.map((name) => scores(name, present)),
      ...bundles.flatMap((bundle) => [bundleScores(bundle, present), bundleFiles(bundle)]),
    ];
    const lacking = missingPrograms(['cmake', 'ninja', 'clang-19', 'clang++-19']);
    if (lacking.length > 0)
      return [...checks, notRun('firmware.model.component', `${lacking.join(', ')} not installed`)];
    for (const name of names) {
      const folder = path.join(run.folder, 'generated', name);
      checks.push(...(await componentChecks(run, name, folder, await writeComponent(folder, name))));
    }
    for (const { name, component, model } of bundles) {
      checks.push(...(await componentChecks(run, name, component, model)));
    }
    return checks;
  },
};

/** The simulator, which made the golden vectors, against TensorFlow Lite Micro: its interpreter where there is one, else what it gave. */
function scores(name: keyof typeof networks, present: boolean): Check {
  const { model, run } = goldenNetwork(name);
  const inputs = randomInputs(run.outputs.length);
  const oracle = present ? runTflm(model, inputs) : run;
  const { numbers, mismatches } = compareWith(model, inputs, oracle.outputs);
  const by = present ? 'its interpreter here' : 'its stored outputs';
  const id = `firmware.model.${name}.scores`;
  return {
    ...equals(id, mismatches, 0),
    value: `${mismatches} of ${numbers} differ from TensorFlow Lite Micro (${by})`,
  };
}

/** Compiles and tests a generated component. */
async function componentChecks(
  run: FirmwareRun,
  name: string,
  generated: string,
  model: TfliteModel,
): Promise<readonly Check[]> {
  const settings = [
    '-DCMAKE_C_COMPILER=clang-19',
    '-DCMAKE_CXX_COMPILER=clang++-19',
    '-DLINEGATE_SANITIZE=ON',
    '-DLINEGATE_COMPONENTS=ports;tracker;preprocess;core;model;tflm_classifier',
    '-DLINEGATE_TESTS=tflm',
    `-DLINEGATE_MODEL=${generated}`,
  ];
  const host = { id: `firmware.model.${name}`, folder: path.join(run.folder, 'model'), settings };
  run.say(`${host.id} ...`);
  const built = await build(host);
  return built.ok ? [built, await tests(host), await operators(host.id, host.folder, model)] : [built];
}

/** Writes the component of a network into a folder, with a made-up recipe. */
export async function writeComponent(folder: string, name: keyof typeof networks): Promise<TfliteModel> {
  const { model } = goldenNetwork(name);
  const pictures = randomInputs(PICTURES).map((input) => Uint8Array.from(input, (stored) => stored + 128));
  await writeFirmware(folder, firmwareFiles(recipeOf(name, model), model, pictures));
  return model;
}

function recipeOf(name: string, model: TfliteModel): FirmwareRecipe {
  const [, heightPx = 0, widthPx = 0] = tensorAt(model, model.inputs[0]).shape;
  const count = elementsOf(tensorAt(model, model.outputs[0]).shape);
  const labels = Array.from({ length: count }, (_, i) => ({
    name: `label-${i}`,
    kind: i === 0 ? ('ok' as const) : ('defect' as const),
  }));
  const thresholds = Object.fromEntries(labels.slice(1).map((label) => [label.name, { review: 0.3, reject: 0.6 }]));
  const region = { x: 0, y: 0, width: 1, height: 1 };
  const preprocess = { colour: 'rgb' as const, widthPx, heightPx, region };
  return { name, version: 1, labels, preprocess, decision: { minimumOk: 0.5, thresholds } };
}

/** What the compiled resolver takes, against the operators that the bytes of the .tflite file name. */
async function operators(id: string, folder: string, model: TfliteModel): Promise<Check> {
  const { output } = await runProgram(path.join(folder, 'test/tflm/tflm_classifier_test'), [], RUN_MS);
  const taken = [...output.matchAll(/^operator (\w+)$/gm)].map(([, name]) => name ?? '');
  const used = new Set(readTflite(writeTflite(model)).operators.map(({ builtin }) => builtins[builtin].register));
  return equals(`${id}.operators`, taken.toSorted().join(' '), [...used].toSorted().join(' '));
}
