import { LinegateError } from '../../core/errors.ts';
import type { ResumeOrder } from '../../ports/status.ts';

/** What the station can be asked through its socket: one line. */
export type StationRequest = { readonly kind: 'status' } | { readonly kind: 'resume'; readonly order: ResumeOrder };

/** Of a request with the line feed that ends it. */
export const longestRequestBytes = 1024;

const longestWhy = 200;
const resumeWord = 'resume ';

/** The line, with its end. Throws a LinegateError 'bad-argument' for a reason that is too long or not one line. */
export function encodeRequest(request: StationRequest): string {
  if (request.kind === 'status') return 'status\n';
  const { beltEmpty, why } = request.order;
  if (why !== null && !isReason(why)) {
    const message = `The reason has ${why.length} characters: give one line of 1 to ${longestWhy}.`;
    throw new LinegateError('bad-argument', message);
  }
  return `${resumeWord}${JSON.stringify({ beltEmpty, why })}\n`;
}

/** Reads a line without its end. Throws a LinegateError 'bad-message' for anything else than a request. */
export function decodeRequest(line: string): StationRequest {
  if (line === 'status') return { kind: 'status' };
  if (line.startsWith(resumeWord)) return { kind: 'resume', order: orderOf(line.slice(resumeWord.length)) };
  throw badRequest();
}

function orderOf(text: string): ResumeOrder {
  const order = parsed(text);
  if (order === null || typeof order !== 'object' || Object.keys(order).length !== 2) throw badRequest();
  if (!('beltEmpty' in order) || typeof order.beltEmpty !== 'boolean' || !('why' in order)) throw badRequest();
  const { beltEmpty, why } = order;
  if (why !== null && (typeof why !== 'string' || !isReason(why))) throw badRequest();
  return { beltEmpty, why };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest();
  }
}

function isReason(why: string): boolean {
  return why.length <= longestWhy && why.isWellFormed() && /^\P{Cc}+$/u.test(why);
}

function badRequest(): LinegateError {
  return new LinegateError('bad-message', 'The station was not asked for anything that it knows: ask for its status.');
}
