import { LinegateError } from '../../../core/errors.ts';
import type { PartId } from '../../../core/part-record.ts';
import type { SessionEnd } from './session.ts';

/** What a person is told about the end of a session. */
export function endError(end: SessionEnd, socket: string, firstPart: PartId): LinegateError {
  switch (end.kind) {
    case 'closed':
      return device(
        `The gatekeeper cannot be reached at ${socket} (${end.why}): see that linegate-gatekeeper runs, and that this user is its agent-uid.`,
      );
    case 'silent':
      return device(`The gatekeeper at ${socket} does not answer: run "sudo systemctl restart linegate-gatekeeper".`);
    case 'other-config':
      return new LinegateError(
        'bad-config',
        'The gatekeeper runs with another configuration: run "sudo systemctl restart linegate-config linegate" (without the services "linegate gatekeeper-conf", and restart it).',
      );
    case 'bad-record':
      return device(`${end.message.replace(/\.$/, '')} (at ${socket}).`);
    case 'refused':
      return refusal(end.reason, socket, firstPart);
  }
}

function refusal(reason: string, socket: string, firstPart: PartId): LinegateError {
  if (reason === 'busy') return device(`The gatekeeper at ${socket} serves another agent: stop that one.`);
  if (reason === 'ahead') {
    return device(
      `The ledger goes on with part ${firstPart} and the gatekeeper at ${socket} has not come so far, so they do not belong together: give the station its own ledger, or stop the gatekeeper, delete its ring and start it.`,
    );
  }
  if (reason === 'stopping') return device(`The gatekeeper at ${socket} is stopping: start it again.`);
  return device(`The gatekeeper at ${socket} ended the connection, by its rule "${reason}".`);
}

function device(message: string): LinegateError {
  return new LinegateError('device', message);
}
