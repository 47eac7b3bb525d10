import type { Alarm, AlarmChange } from './alarm.ts';
import { type AlarmFacts, learn, noFacts } from './facts.ts';
import type { AlarmInput, AlarmLimits, AlarmMoment } from './input.ts';
import { type AlarmRule, alarmRules, secondLowest } from './rules.ts';

/** What is known, and which alarms stand because of it, oldest first. */
export interface AlarmBook {
  readonly facts: AlarmFacts;
  readonly standing: readonly Alarm[];
}

/** No alarm stands. */
export const emptyBook: AlarmBook = { facts: noFacts, standing: [] };

/** The book after an input, and what that raised and cleared. Pure. An alarm keeps the sentence with which it was raised. */
export function advanceBook(
  book: AlarmBook,
  input: AlarmInput,
  limits: AlarmLimits,
  at: AlarmMoment,
): { readonly book: AlarmBook; readonly changes: readonly AlarmChange[] } {
  const facts = learn(book.facts, input, limits, at.nowMs);
  const changes: AlarmChange[] = [];
  for (const rule of alarmRules) {
    const alarm = book.standing.find(({ id }) => id === rule.id);
    const change = changeOf(rule, alarm, facts, limits, at);
    if (change !== null) changes.push(change);
  }
  return { book: { facts, standing: changes.length === 0 ? book.standing : apply(book.standing, changes) }, changes };
}

function changeOf(
  rule: AlarmRule,
  alarm: Alarm | undefined,
  facts: AlarmFacts,
  limits: AlarmLimits,
  { nowMs, wallMs }: AlarmMoment,
): AlarmChange | null {
  const sentence = rule.judge({ facts, limits, nowMs, standing: alarm !== undefined });
  if (alarm !== undefined) return sentence === null ? { change: 'cleared', alarm } : null;
  if (sentence === null) return null;
  return { change: 'raised', alarm: { id: rule.id, sentence, advice: rule.advice, sinceWallMs: wallMs } };
}

function apply(standing: readonly Alarm[], changes: readonly AlarmChange[]): readonly Alarm[] {
  const kept = standing.filter(({ id }) => !changes.some(({ alarm }) => alarm.id === id));
  return [...kept, ...changes.filter(({ change }) => change === 'raised').map(({ alarm }) => alarm)];
}

/** Share of the time to the deadline that was left at the worst of the last hundred verdicts but one; null without. */
export function headroomOf({ facts }: AlarmBook): number | null {
  return secondLowest(facts.headroom);
}
