import { LinegateError } from '../../../agent/core/errors.ts';
import type { SerialLine } from '../serial/line.ts';
import { StationConsole, silent } from './console.ts';

/**
 * Has a station fetch the firmware of its setting update.url; it stops its line for that. Throws LinegateError 'device'.
 * @param answerMs for each answer
 */
export async function requestUpdate(line: SerialLine, port: string, answerMs: number): Promise<void> {
  const console = new StationConsole(line, answerMs);
  try {
    await console.greet(port);
    const reply = await console.ask({ op: 'update' });
    if (reply?.reply !== 'update') throw silent(port);
    if (reply.ok) return;
  } finally {
    console.end();
  }
  throw new LinegateError(
    'device',
    `The station at ${port} knows no address of a new firmware: provision it with update.url in its settings.`,
  );
}
