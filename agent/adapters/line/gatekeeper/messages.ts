import type { PartId, Verdict } from '../../../core/part-record.ts';
import { writeRequest } from './raw.ts';

/** What an agent can tell the gatekeeper. */
export type Message =
  | { readonly kind: 'attach'; readonly role: 'agent'; readonly firstPart: PartId }
  | { readonly kind: 'attach'; readonly role: 'commission' }
  | { readonly kind: 'verdict'; readonly part: PartId; readonly verdict: Verdict }
  | { readonly kind: 'acknowledge'; readonly part: PartId }
  | { readonly kind: 'heartbeat' }
  /** After a stopped line; `beltEmpty`: somebody at the line says so, which ends some doubts. */
  | { readonly kind: 'resume'; readonly beltEmpty: boolean }
  | { readonly kind: 'detach' }
  /** Commissioning only: the gate is active for at most 200 ms after each. */
  | { readonly kind: 'hold-gate'; readonly gate: 1 | 2 };

const verdicts = { pass: 1, reject: 2, review: 3 } as const;

/** The record of a message; `number` is 1 in the first of a connection and goes up by one. */
export function encodeMessage(message: Message, number: bigint, nonce: bigint): Uint8Array {
  const [kind, part, argument] = fields(message);
  return writeRequest({ kind, number, nonce, part: BigInt(part), argument });
}

/** Kind, part and argument, as wire.h has them. */
function fields(message: Message): readonly [number, PartId, number] {
  switch (message.kind) {
    case 'attach':
      return message.role === 'agent' ? [1, message.firstPart, 1] : [1, 0, 2];
    case 'verdict':
      return [2, message.part, verdicts[message.verdict]];
    case 'acknowledge':
      return [3, message.part, 0];
    case 'heartbeat':
      return [4, 0, 0];
    case 'resume':
      return [5, 0, message.beltEmpty ? 1 : 0];
    case 'detach':
      return [6, 0, 0];
    case 'hold-gate':
      return [7, 0, message.gate];
  }
}
