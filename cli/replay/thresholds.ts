import { z } from 'zod';
import { checkDocument, readDocument } from '../../agent/config/read.ts';
import { LinegateError } from '../../agent/core/errors.ts';
import { type Manifest, manifestSchema } from '../../agent/core/recipe.ts';

type Thresholds = Manifest['decision']['thresholds'];

const fileSchema = z.strictObject({
  minimumOk: z.number().optional(),
  thresholds: z.record(z.string(), z.strictObject({ review: z.number(), reject: z.number() })),
});

/**
 * The manifest with other thresholds: each of `given` is label=review,reject, or a file with `minimumOk` and `thresholds`.
 * Labels that are not named keep theirs. Throws LinegateError 'bad-argument'.
 */
export function withThresholds(manifest: Manifest, given: readonly string[]): Manifest {
  let { minimumOk } = manifest.decision;
  const thresholds: Thresholds = { ...manifest.decision.thresholds };
  for (const text of given) {
    if (text.includes('=')) {
      const [label, pair] = pairOf(text);
      thresholds[label] = pair;
      continue;
    }
    const file = readDocument(text, 'The file of thresholds', fileSchema, 'bad-argument');
    minimumOk = file.minimumOk ?? minimumOk;
    Object.assign(thresholds, file.thresholds);
  }
  const source = `${manifest.name} with these thresholds`;
  return checkDocument({ ...manifest, decision: { minimumOk, thresholds } }, source, manifestSchema, 'bad-argument');
}

function pairOf(text: string): [label: string, pair: Thresholds[string]] {
  const { label, review, reject } = /^(?<label>[^=]+)=(?<review>[\d.]+),(?<reject>[\d.]+)$/.exec(text)?.groups ?? {};
  const pair = { review: Number(review), reject: Number(reject) };
  if (label !== undefined && Number.isFinite(pair.review) && Number.isFinite(pair.reject)) return [label, pair];
  const message = `The option --thresholds has "${text}"; give label=review,reject such as scratch=0.4,0.6, or a file.`;
  throw new LinegateError('bad-argument', message);
}
