import { z } from 'zod';

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and dashes');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');
const fraction = z.number().min(0).max(1);
const sizePx = z.int().min(8).max(1024);
const relativeFile = z
  .string()
  .regex(/^(?!\/)(?!.*\.\.)[\w./-]{1,200}$/, 'must be a file inside the recipe folder, without ".."');

const label = z.strictObject({ name, kind: z.enum(['ok', 'defect']) });

const region = z
  .strictObject({ x: fraction, y: fraction, width: fraction, height: fraction })
  .refine((r) => r.width > 0 && r.height > 0 && r.x + r.width <= 1.000001 && r.y + r.height <= 1.000001, {
    message: 'must lie inside the frame (x + width and y + height at most 1)',
  });

const preprocess = z.strictObject({ colour: z.enum(['rgb', 'grey']), widthPx: sizePx, heightPx: sizePx, region });

const threshold = z
  .strictObject({ review: fraction, reject: fraction })
  .refine((t) => t.review <= t.reject, { message: 'review must not exceed reject' });

const decision = z.strictObject({
  /** A part passes only when the scores of the ok labels add up to this; below it a person looks. */
  minimumOk: fraction,
  /** For each defect label the scores from which a part is reviewed and rejected. */
  thresholds: z.record(name, threshold),
});

const model = z.strictObject({
  file: relativeFile,
  sha256,
  sizeBytes: z.int().min(1).max(1_000_000_000),
  input: z.strictObject({ name: z.string().min(1).max(200) }),
  output: z.strictObject({ name: z.string().min(1).max(200) }),
});

/** The same integers for a microcontroller; a station does not read them. */
const tflite = z.strictObject({ file: relativeFile, sha256, sizeBytes: z.int().min(1).max(1_000_000_000) });

const golden = z.strictObject({ file: relativeFile, sha256 });

/** manifest.json of a recipe: the model with all that decides how its scores become a verdict, versioned as one thing. */
export const manifestSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    name,
    version: z.int().min(1).max(1_000_000),
    description: z.string().min(1).max(500),
    labels: z.array(label).min(2).max(64),
    preprocess,
    model,
    tflite: tflite.optional(),
    decision,
    golden,
    data: z.strictObject({
      source: z.string().max(500),
      licence: z.string().max(200),
      split: z.string().max(1000),
    }),
    /** Measured figures, each with a name that says on what; a person reads them, nothing acts on them. */
    figures: z.record(z.string().max(100), z.union([z.number(), z.string().max(500)])),
  })
  .superRefine((m, context) => {
    const names = m.labels.map((l) => l.name);
    if (new Set(names).size !== names.length) {
      context.addIssue({ code: 'custom', path: ['labels'], message: 'must not name a label twice' });
    }
    for (const kind of ['ok', 'defect'] as const) {
      if (m.labels.some((l) => l.kind === kind)) continue;
      context.addIssue({ code: 'custom', path: ['labels'], message: `must hold at least one label of kind ${kind}` });
    }
    const defects = m.labels.filter((l) => l.kind === 'defect').map((l) => l.name);
    for (const missing of defects.filter((d) => !(d in m.decision.thresholds))) {
      context.addIssue({
        code: 'custom',
        path: ['decision', 'thresholds', missing],
        message: 'is missing: every defect label needs its thresholds',
      });
    }
    for (const unknown of Object.keys(m.decision.thresholds).filter((t) => !defects.includes(t))) {
      context.addIssue({ code: 'custom', path: ['decision', 'thresholds', unknown], message: 'is not a defect label' });
    }
  });

/** The content of a recipe's manifest.json, checked. The tensor is uint8 NHWC [1, heightPx, widthPx, 3 or 1]. */
export type Manifest = z.infer<typeof manifestSchema>;

/** golden/golden.json: inputs with the scores that every engine must reproduce within `tolerance`. */
export const goldenSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tolerance: fraction,
  vectors: z
    .array(
      z.strictObject({
        /** File of raw uint8 NHWC bytes, relative to golden.json. */
        tensor: relativeFile,
        label: name,
        scores: z.array(z.number()).min(2).max(64),
      }),
    )
    .min(1)
    .max(256),
});

/** The content of a recipe's golden.json, checked. */
export type Golden = z.infer<typeof goldenSchema>;
