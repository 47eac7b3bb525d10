import { connect } from 'node:net';
import { LinegateError, messageOf } from '../../core/errors.ts';
import type { ResumeOrder, StationStatus } from '../../ports/status.ts';
import { socketPlace } from './place.ts';
import { encodeRequest, type StationRequest } from './request.ts';

const longestAnswerBytes = 1_000_000;

/**
 * The status of the station that runs with this state folder; null when none runs. Rejects with a LinegateError
 * 'state-folder' when the folder cannot be read, 'device' when the station does not answer within `timeoutMs`.
 */
export async function askStatus(folder: string, timeoutMs: number): Promise<StationStatus | null> {
  return (await ask(folder, { kind: 'status' }, timeoutMs)) as StationStatus | null;
}

/**
 * Has the line of the station that runs with this state folder resumed, and tells what came of it; null when none runs.
 * Rejects as `askStatus`, also when the line cannot be resumed; 'bad-argument' for a reason that cannot be taken.
 */
export async function askResume(folder: string, order: ResumeOrder, timeoutMs: number): Promise<string | null> {
  const answer = await ask(folder, { kind: 'resume', order }, timeoutMs);
  if (answer === null) return null;
  if ('message' in answer && typeof answer.message === 'string') return answer.message;
  throw new LinegateError('device', `The station in ${folder} runs an older Linegate: start it again.`);
}

async function ask(folder: string, request: StationRequest, timeoutMs: number): Promise<object | null> {
  const line = encodeRequest(request);
  const place = placeIn(folder);
  let answer: object;
  try {
    answer = JSON.parse(await exchange(place.path, line, timeoutMs));
  } catch (cause) {
    if (isNobody(cause)) return null;
    const message = `The station in ${folder} does not answer (${messageOf(cause)}): look at its log.`;
    throw new LinegateError('device', message, { cause });
  } finally {
    place.release();
  }
  if ('fault' in answer) throw new LinegateError('device', String(answer.fault));
  return answer;
}

function placeIn(folder: string): ReturnType<typeof socketPlace> {
  try {
    return socketPlace(folder);
  } catch (cause) {
    const message = `The state folder ${folder} cannot be opened (${messageOf(cause)}): name the one of a station.`;
    throw new LinegateError('state-folder', message, { cause });
  }
}

/** No socket, or one that a station left that died. */
function isNobody(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTSOCK' || code === 'ENOTDIR';
}

function exchange(path: string, request: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.write(request);
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
