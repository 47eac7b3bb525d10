import { z } from 'zod';
import { isPictureName } from '../adapters/pictures/name.ts';

const known = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
const ms = known(z.number());
const text = known(z.string());

const frame = z.object({
  sensorNs: known(z.number()),
  ageMs: known(z.number().nullable()),
  clock: text,
  sequence: known(z.number()),
});
const pulse = z.object({ onMs: z.number(), offMs: z.number().nullable() });
const late = z.object({ verdict: z.string(), atMs: z.number() });

const payloadSchema = z.object({
  action: text,
  cause: known(z.string().nullable()),
  tooClose: known(z.boolean()),
  confirmation: text,
  label: text,
  scores: known(z.array(z.number())),
  reason: text,
  detail: text,
  atMs: ms,
  late: known(late),
  frame: known(frame.nullable()),
  picture: known(z.string().refine(isPictureName).nullable()),
  closedMs: ms,
  deadlineMs: known(z.number().nullable()),
  pulse: known(pulse.nullable()),
  recovered: known(z.boolean()),
});

/**
 * What a part's row tells beside its columns. All times are ms after the trigger. Undefined is what the version that wrote
 * the row did not record; null is what there was none of.
 */
export type PartPayload = z.infer<typeof payloadSchema>;

/** Reads the payload of a part's row, of this version or an older one; what is not readable counts as not recorded. */
export function readPartPayload(payload: string): PartPayload {
  return payloadSchema.parse(fieldsOf(payload));
}

/** The fields of any row's payload; none for what is no JSON object. */
export function fieldsOf(payload: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
