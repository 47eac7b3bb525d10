import type { RecordedPart } from '../core/alarms/input.ts';
import { type ClosedPart, type Judgement, outcomeOf } from '../core/part-record.ts';

/** What a closed record means to the alarms. */
export function partInput(record: ClosedPart): RecordedPart {
  const { part, judgement, action, confirmation } = record;
  return {
    kind: 'part',
    part,
    outcome: isVoid(judgement) ? 'void' : outcomeOf(record),
    action,
    confirmation,
    frame: frameOf(record),
    headroom: headroomAt(record),
  };
}

/** Nobody could have judged it: the agent or the line was not running. */
function isVoid(judgement: Judgement): boolean {
  return judgement.kind === 'no-verdict' && (judgement.reason === 'agent-down' || judgement.reason === 'line-stopped');
}

function frameOf({ frame, judgement }: ClosedPart): RecordedPart['frame'] {
  if (frame !== null) return 'taken';
  if (judgement.kind !== 'no-verdict') return 'not-asked';
  // One that is late without a frame waited for the camera until its deadline.
  return judgement.reason === 'no-frame' || judgement.reason === 'late' ? 'missed' : 'not-asked';
}

function headroomAt({ judgement, triggerNs, deadlineNs }: ClosedPart): number | null {
  if (judgement.kind === 'no-verdict') return judgement.reason === 'late' ? 0 : null;
  if (judgement.kind !== 'verdict' || deadlineNs === null || deadlineNs <= triggerNs) return null;
  return Math.min(1, Math.max(0, (deadlineNs - judgement.atNs) / (deadlineNs - triggerNs)));
}
