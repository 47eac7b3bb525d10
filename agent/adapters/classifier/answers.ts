import { z } from 'zod';
import { LinegateError } from '../../core/errors.ts';
import { decodeScores, FRAME_TYPES, PROTOCOL_VERSION, type RawFrame } from './frames.ts';

const helloSchema = z.strictObject({
  protocol: z.literal(PROTOCOL_VERSION),
  /** Name and version of what runs the model. */
  engine: z.string().min(1).max(200),
  modelSha256: z.string().regex(/^[0-9a-f]{64}$/),
  input: z.strictObject({ heightPx: z.int().min(1), widthPx: z.int().min(1), channels: z.int().min(1) }),
  labels: z.int().min(1),
});

/** What a model process says of itself once its model is loaded. */
export type Hello = z.infer<typeof helloSchema>;

/** A frame from a model process. Id 0 is about the process, any other about that request. */
export type Answer =
  | { readonly kind: 'hello'; readonly hello: Hello }
  | { readonly kind: 'scores'; readonly id: number; readonly scores: number[]; readonly inferenceNs: number }
  | { readonly kind: 'error'; readonly id: number; readonly text: string };

/** Reads an answer with `labels` scores. Throws LinegateError 'bad-message' for anything that the protocol does not know. */
export function readAnswer(frame: RawFrame, labels: number): Answer {
  switch (frame.type) {
    case FRAME_TYPES.hello:
      return { kind: 'hello', hello: readHello(frame.payload) };
    case FRAME_TYPES.scores: {
      const scores = decodeScores(frame.payload, labels);
      if (scores === undefined) {
        throw new LinegateError(
          'bad-message',
          `A scores frame of ${frame.payload.length} bytes does not hold ${labels} scores.`,
        );
      }
      return { kind: 'scores', id: frame.id, ...scores };
    }
    case FRAME_TYPES.error:
      return { kind: 'error', id: frame.id, text: printable(frame.payload.toString('utf8')) };
    default:
      throw new LinegateError('bad-message', `The frame type ${frame.type} is unknown.`);
  }
}

function readHello(payload: Buffer): Hello {
  try {
    return helloSchema.parse(JSON.parse(payload.toString('utf8')));
  } catch (cause) {
    throw new LinegateError('bad-message', `The hello does not speak protocol ${PROTOCOL_VERSION}.`, { cause });
  }
}

/** One line without control characters, at most 500 long. */
function printable(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 500);
}
