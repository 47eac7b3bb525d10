import type { PartStory } from '../../agent/recorder/story.ts';

/** Something that happened to the part, ms after its trigger. */
export interface Moment {
  readonly atMs: number;
  readonly text: string;
}

/** What is known to have happened to the part and when, in order. What has no known time is left to other lines. */
export function timelineOf(story: PartStory): Moment[] {
  const { gate, deadlineMs, closedMs } = story;
  const { action, cause, confirmation, pulse } = gate;
  const moments: (Moment | null)[] = [
    { atMs: 0, text: 'trigger' },
    frameMoment(story),
    judgedMoment(story),
    lateMoment(story),
    moment(deadlineMs, 'deadline: the last moment at which a verdict steers the gate'),
    moment(pulse?.onMs, 'gate on'),
    moment(pulse?.offMs, 'gate off'),
    moment(closedMs, `closed: ${action ?? 'unknown'}, ${because(cause)}; confirmation: ${confirmation ?? 'unknown'}`),
  ];
  return moments.filter((one) => one !== null).sort((a, b) => a.atMs - b.atMs);
}

function because(cause: string | null): string {
  return cause === null ? 'cause unknown' : `because of ${cause === 'too-close' ? 'a part too close' : `the ${cause}`}`;
}

function moment(atMs: number | null | undefined, text: string): Moment | null {
  return atMs === null || atMs === undefined ? null : { atMs, text };
}

function frameMoment({ frame }: PartStory): Moment | null {
  if (frame === null || frame.ageMs === null) return null;
  const { ageMs, sequence, clock } = frame;
  const age = ageMs === 0 ? 'at the trigger' : `${Math.abs(ageMs)} ms ${ageMs > 0 ? 'before' : 'after'} the trigger`;
  return { atMs: -ageMs, text: `frame ${sequence ?? 'unknown'}, taken ${age} (${clock ?? 'unknown'} clock)` };
}

function judgedMoment({ judged, outcome, leftMs }: PartStory): Moment | null {
  const { atMs, reason, detail, label, score } = judged;
  if (reason !== null) return moment(atMs, `no verdict: ${reason}${detail === null ? '' : ` (${detail})`}`);
  const left = leftMs === null ? '' : leftMs < 0 ? `, ${-leftMs} ms too late` : `, ${leftMs} ms before the deadline`;
  return moment(atMs, `verdict ${outcome}: ${label ?? 'unknown'} ${score?.toFixed(4) ?? ''}${left}`);
}

function lateMoment({ judged: { late } }: PartStory): Moment | null {
  return late === null ? null : { atMs: late.atMs, text: `verdict ${late.verdict}, too late to count` };
}
