import { connect } from 'node:net';
import { LinegateError, messageOf } from '../../core/errors.ts';
import type { StationStatus } from '../../ports/status.ts';
import { socketPlace } from './place.ts';

const longestAnswerBytes = 1_000_000;

/**
 * The status of the station that runs with this state folder; null when none runs. Rejects with a LinegateError
 * 'state-folder' when the folder cannot be read, 'device' when the station does not answer within `timeoutMs`.
 */
export async function askStatus(folder: string, timeoutMs: number): Promise<StationStatus | null> {
  let place: ReturnType<typeof socketPlace>;
  try {
    place = socketPlace(folder);
  } catch (cause) {
    const message = `The state folder ${folder} cannot be opened (${messageOf(cause)}): name the one of a station.`;
    throw new LinegateError('state-folder', message, { cause });
  }
  try {
    return JSON.parse(await read(place.path, timeoutMs)) as StationStatus;
  } catch (cause) {
    if (isNobody(cause)) return null;
    const message = `The station in ${folder} does not tell its status (${messageOf(cause)}): look at its log.`;
    throw new LinegateError('device', message, { cause });
  } finally {
    place.release();
  }
}

/** No socket, or one that a station left that died. */
function isNobody(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTSOCK' || code === 'ENOTDIR';
}

function read(path: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > longestAnswerBytes) socket.destroy(new Error('the answer has no end'));
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(text));
    socket.on('close', () => {
      clearTimeout(timer);
      reject(new Error('it hung up'));
    });
  });
}
