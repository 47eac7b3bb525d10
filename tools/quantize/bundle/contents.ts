import { LinegateError } from '../../../agent/core/errors.ts';
import type { Manifest } from '../../../agent/core/recipe.ts';
import { logitsOf } from '../calibrate/choose-plan.ts';
import type { Picture } from '../images/pictures.ts';
import type { Quantised } from '../report/measure.ts';
import type { Report } from '../report/report.ts';
import type { Scorer } from '../report/score.ts';
import { chooseDecision } from './choose-decision.ts';
import type { RecipeConfig } from './config.ts';
import { chooseGolden, type GoldenCandidate, labelOf } from './golden.ts';
import { syntheticPicture } from './synthetic.ts';

/**
 * Made-up pictures that are tried to find golden vectors: the first number of them always, more while a label has fewer
 * than two, as far as the time to draw them goes, since some models give some labels to no such picture.
 */
const SYNTHETIC_PICTURES = { fewest: 64, most: 400, mostPixels: 1_000_000, perLabel: 2 } as const;

/** The recipe's own thresholds, or the best on `validation`. Throws LinegateError 'bad-recipe' when there is neither. */
export async function decisionOf(
  recipe: RecipeConfig,
  int8: Scorer,
  validation: readonly Picture[] | undefined,
): Promise<Manifest['decision']> {
  if (recipe.decision !== undefined) return recipe.decision;
  if (validation === undefined) {
    throw new LinegateError(
      'bad-recipe',
      'The recipe has no "decision"; write one or give pictures to choose it on (--thresholds).',
    );
  }
  const ok = new Set(recipe.labels.filter(({ kind }) => kind === 'ok').map(({ name }) => name));
  const scores: { ok: boolean; okScore: number }[] = [];
  for (const { label, pixels } of validation) {
    const all = await int8(pixels);
    const okScore = recipe.labels.reduce((sum, { name }, i) => sum + (ok.has(name) ? (all[i] ?? 0) : 0), 0);
    scores.push({ ok: ok.has(label), okScore });
  }
  return chooseDecision(recipe.labels, scores);
}

/** Golden vectors of `pictures`, or of made-up ones labelled by the float model. */
export async function goldenOf(
  recipe: RecipeConfig,
  { graph, plan, scorers }: Pick<Quantised, 'graph' | 'plan' | 'scorers'>,
  pictures: readonly Picture[] | undefined,
): Promise<GoldenCandidate[]> {
  const labels = recipe.labels.map(({ name }) => name);
  const candidates: GoldenCandidate[] = [];
  for (const { label, pixels } of pictures ?? (await syntheticPictures(recipe, labels, scorers.float))) {
    candidates.push({ label, pixels, scores: await scorers.int8(pixels) });
  }
  return chooseGolden(labels, candidates, plan.activations.get(logitsOf(graph))?.scale ?? 0);
}

async function syntheticPictures(recipe: RecipeConfig, labels: readonly string[], float: Scorer) {
  const { fewest, perLabel } = SYNTHETIC_PICTURES;
  const { widthPx, heightPx } = recipe.preprocess;
  const most = Math.min(SYNTHETIC_PICTURES.most, SYNTHETIC_PICTURES.mostPixels / (widthPx * heightPx));
  const pictures: { label: string; pixels: Uint8Array }[] = [];
  const found = new Map<string, number>(labels.map((label) => [label, 0]));
  const isShort = (): boolean => [...found.values()].some((count) => count < perLabel);
  for (let seed = 1; seed <= fewest || (seed <= most && isShort()); seed += 1) {
    const pixels = syntheticPicture(recipe.preprocess, seed);
    const label = labelOf(labels, await float(pixels));
    found.set(label, (found.get(label) ?? 0) + 1);
    pictures.push({ label, pixels });
  }
  return pictures;
}

/** The report's figures as the manifest names them. */
export function measuredFigures({ evaluation, calibration }: Report): Manifest['figures'] {
  const logits = {
    'logit SQNR on held-out calibration pictures, dB': rounded(calibration.observers[0]?.logitSqnrDb ?? 0),
  };
  if (evaluation === undefined) return logits;
  const { pictures, float, int8, sameLabel, verdicts } = evaluation;
  return {
    'held-out pictures': pictures,
    'accuracy, float, held-out pictures': rounded(float.accuracy),
    'accuracy, INT8, held-out pictures': rounded(int8.accuracy),
    'balanced accuracy, float, held-out pictures': rounded(float.balancedAccuracy),
    'balanced accuracy, INT8, held-out pictures': rounded(int8.balancedAccuracy),
    'same label from float and INT8, share of held-out pictures': rounded(sameLabel),
    'defects that pass at these thresholds, share of held-out defects': rounded(verdicts.escapes),
    'good parts that do not pass, share of held-out good parts': rounded(verdicts.falseRejects),
    'reviews, share of held-out pictures': rounded(verdicts.reviews),
    ...logits,
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
