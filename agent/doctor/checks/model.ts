import { readFileSync } from 'node:fs';
import { loadRecipe, type Recipe } from '../../config/recipe.ts';
import { LinegateError, messageOf } from '../../core/errors.ts';
import { findRecipe, recipePlaces } from '../../recipes/find.ts';
import { fail, needsStation, notRun, type Outcome, ok, warn } from '../finding.ts';
import type { Check } from '../look.ts';
import { operatorsOf } from '../onnx-operators.ts';
import { p50, p99 } from '../percentile.ts';
import type { Wants } from '../wants.ts';

type Opened =
  | { readonly kind: 'recipe'; readonly recipe: Recipe }
  | { readonly kind: 'fault'; readonly outcome: Outcome };

function open({ config, stateFolder, base }: Wants): Opened {
  try {
    const { folder } = findRecipe(config.recipe, recipePlaces(stateFolder, base));
    return { kind: 'recipe', recipe: loadRecipe(folder) };
  } catch (error) {
    if (!(error instanceof LinegateError)) throw error;
    return { kind: 'fault', outcome: fail(error.message, 'Install the recipe again: linegate recipe install FOLDER.') };
  }
}

/** The recipe's model: the file that its manifest names, byte for byte. */
export const model: Check = {
  id: 'model',
  group: 'model',
  about: 'the model',
  run: async ({ wants }) => {
    if (wants === null) return needsStation('The model');
    const opened = open(wants);
    if (opened.kind === 'fault') return opened.outcome;
    const { id, folder, manifest } = opened.recipe;
    const { sha256, sizeBytes } = manifest.model;
    return ok(`The model of ${id} is the one that its manifest names.`, { recipe: id, folder, sha256, sizeBytes });
  },
};

/** Whether it calculates in INT8. */
export const modelOperators: Check = {
  id: 'model-operators',
  group: 'model',
  about: 'the operators of the model',
  run: async ({ wants }) => {
    if (wants === null) return needsStation('The model');
    if (wants.config.classifier.engine !== 'onnx')
      return notRun('Only the operators of an ONNX model can be looked at, and the station uses another engine.');
    const opened = open(wants);
    if (opened.kind === 'fault') return notRun('There is no model whose operators could be looked at.');
    return judgeOperators(opened.recipe);
  },
};

function judgeOperators({ id, modelFile }: Recipe): Outcome {
  try {
    const { int8, float } = operatorsOf(readFileSync(modelFile));
    const figures = { int8, float: float.length, floatOperators: [...new Set(float)] };
    if (int8 + float.length === 0)
      return notRun(`The model of ${id} has no operator that this check knows.`, null, figures);
    if (float.length === 0) return ok(`All ${int8} heavy operators of ${id} calculate in INT8.`, figures);
    return warn(
      `Of ${int8 + float.length} heavy operators of ${id} ${float.length} calculate in float (${figures.floatOperators.join(', ')}), which is slower on ARM.`,
      'Quantise the model with linegate.',
      figures,
    );
  } catch (error) {
    return fail(`The model ${modelFile} is no ONNX graph (${messageOf(error)}).`, 'Install the recipe again.');
  }
}

/** How long a verdict takes, beside the time that the line leaves. */
export const modelSpeed: Check = {
  id: 'model-speed',
  group: 'model',
  about: 'the speed of the model',
  run: async (look) => {
    const { wants, probes } = look;
    if (wants === null) return needsStation('The model');
    const running = await look.running();
    if (running.kind === 'running') return ofRunning(running.status.latencyMs, wants);
    if (running.kind === 'silent')
      return notRun(running.detail, 'Run this as the user of the station, or stop the station.');
    const opened = open(wants);
    if (opened.kind === 'fault') return notRun('There is no model that could be timed.');
    const answer = await probes.model(opened.recipe, wants.config.classifier.engine);
    if (answer.kind === 'failed') return fail(answer.detail, 'Install the recipe again, or choose another engine.');
    const figures = { runs: answer.ms.length, p50Ms: p50(answer.ms), p99Ms: p99(answer.ms), engine: answer.engine };
    return judgeSpeed('One inference', figures, wants);
  },
};

/** A station that runs needs no second model beside it: it knows. */
function ofRunning(latency: { readonly p50: number | null; readonly p99: number | null }, wants: Wants): Outcome {
  if (latency.p50 === null || latency.p99 === null) return notRun('The running station has judged no part yet.');
  const figures = { p50Ms: latency.p50, p99Ms: latency.p99, running: true };
  return judgeSpeed('A verdict of the running station', figures, wants);
}

type Times = Outcome['figures'] & { readonly p50Ms: number; readonly p99Ms: number };

function judgeSpeed(what: string, times: Times, { deadlineMs, calibrationFault }: Wants): Outcome {
  const took = `${what} takes ${times.p50Ms} ms (p50) and ${times.p99Ms} ms (p99)`;
  const figures = { ...times, deadlineMs };
  if (calibrationFault !== null)
    return fail(calibrationFault, 'Correct the calibration, or run linegate commission.', figures);
  if (deadlineMs === null) return ok(`${took}; there is no deadline in ms to compare it with.`, figures);
  const leaves = `where ${deadlineMs} ms lie between trigger and deadline`;
  if (times.p99Ms > deadlineMs)
    return fail(`${took}, ${leaves}.`, 'Move the gate further away, slow the belt, or use a smaller model.', figures);
  if (times.p99Ms > deadlineMs / 2)
    return warn(
      `${took}, ${leaves}, and frame and records need some of them.`,
      'Use a smaller model or move the gate.',
      figures,
    );
  return ok(`${took}, ${leaves}.`, figures);
}
