import fc from 'fast-check';
import type { TrackerCalibration } from '../tracker.ts';
import type { Call } from './play.ts';

const choice = <Value>(...values: Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values);

/** Small figures, so that equal times and touching windows are common, and every delay from the shortest allowed. */
const calibrations: fc.Arbitrary<TrackerCalibration> = fc
  .record({
    widthNs: fc.integer({ min: 1, max: 20 }),
    recoveryNs: fc.integer({ min: 1, max: 20 }),
    leadNs: fc.integer({ min: 1, max: 15 }),
    spareNs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 })),
    triggerDeadNs: fc.integer({ min: 1, max: 12 }),
    failSafe: choice<TrackerCalibration['failSafe']>('eject', 'pass', 'stop-line'),
    tooClose: choice<TrackerCalibration['tooClose']>('eject-neighbour', 'escape', 'stop-line'),
    confirm: choice<TrackerCalibration['confirm']>('none', 'ejected'),
    confirmFromNs: fc.integer({ min: 0, max: 20 }),
    confirmSpanNs: fc.integer({ min: 1, max: 40 }),
    firstPart: choice(1, 1000, 2 ** 40),
  })
  .map(({ spareNs, confirmSpanNs, ...rest }) => ({
    ...rest,
    base: 'time',
    delayNs: rest.leadNs + rest.widthNs + rest.recoveryNs + spareNs,
    confirmToNs: rest.confirmFromNs + confirmSpanNs,
  }));

/** A call before its time is known: `stepNs` after the one before, or around the deadline of the part that it is about. */
interface Draft {
  readonly call: Call['call'];
  readonly stepNs: number;
  /** How many parts back from the newest a verdict is about; negative: a part that does not exist yet. */
  readonly back: number;
  readonly verdict: 'pass' | 'reject' | 'review';
  readonly aroundDeadlineNs: number | undefined;
}

const draft = (withStop: boolean): fc.Arbitrary<Draft> =>
  fc.record({
    call: fc.oneof(
      { weight: 8, arbitrary: choice<Call['call']>('trigger') },
      { weight: 8, arbitrary: choice<Call['call']>('verdict') },
      { weight: 3, arbitrary: choice<Call['call']>('confirm') },
      { weight: 3, arbitrary: choice<Call['call']>('tick') },
      { weight: 1, arbitrary: choice<Call['call']>('resume', withStop ? 'stop' : 'resume') },
    ),
    stepNs: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 8 }) },
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 60 }) },
      { weight: 1, arbitrary: fc.integer({ min: -10, max: -1 }) },
    ),
    back: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 3 }) }, fc.integer({ min: -2, max: 10 })),
    verdict: choice('pass', 'pass', 'reject', 'review'),
    aroundDeadlineNs: fc.option(fc.integer({ min: -1, max: 1 }), { nil: undefined, freq: 4 }),
  });

/** Gives the drafts their times and part numbers; it only guesses which triggers are accepted. */
function place(drafts: readonly Draft[], calibration: TrackerCalibration): Call[] {
  const triggersNs: number[] = [];
  let nowNs = 10;
  return drafts.map(({ call, stepNs, back, verdict, aroundDeadlineNs }) => {
    if (call === 'resume') return { call };
    const index = triggersNs.length - 1 - back;
    const triggerNs = triggersNs[index];
    const deadlineNs = (triggerNs ?? nowNs) + calibration.delayNs - calibration.leadNs;
    const aimed = call === 'verdict' && aroundDeadlineNs !== undefined && triggerNs !== undefined;
    const atNs = aimed ? deadlineNs + aroundDeadlineNs : nowNs + stepNs;
    nowNs = Math.max(nowNs, atNs);
    if (call === 'verdict') return { call, atNs, part: calibration.firstPart + index, verdict };
    const last = triggersNs.at(-1) ?? Number.NEGATIVE_INFINITY;
    if (call === 'trigger' && nowNs - last >= calibration.triggerDeadNs) triggersNs.push(nowNs);
    return { call, atNs };
  });
}

/** A part on a crowded belt: how far behind the one before, and when before or after its deadline it gets which verdict. */
interface Crowded {
  readonly gapNs: number;
  readonly verdict: 'pass' | 'reject' | 'review';
  readonly beforeDeadlineNs: number | undefined;
}

const crowded: fc.Arbitrary<Crowded> = fc.record({
  gapNs: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 25 }) }, fc.integer({ min: 1, max: 80 })),
  verdict: choice('pass', 'pass', 'pass', 'pass', 'reject', 'review'),
  beforeDeadlineNs: fc.option(fc.integer({ min: -2, max: 20 }), { nil: undefined, freq: 6 }),
});

/** Edges and verdicts in the order of time, as a careful host gives them. */
function convey(parts: readonly Crowded[], calibration: TrackerCalibration): Call[] {
  const calls: Exclude<Call, { call: 'resume' }>[] = [];
  let atNs = 10;
  for (const [index, { gapNs, verdict, beforeDeadlineNs }] of parts.entries()) {
    atNs += Math.max(gapNs, calibration.triggerDeadNs);
    calls.push({ call: 'trigger', atNs });
    if (beforeDeadlineNs === undefined) continue;
    const deadlineNs = atNs + calibration.delayNs - calibration.leadNs;
    const givenNs = Math.max(atNs, deadlineNs - beforeDeadlineNs);
    calls.push({ call: 'verdict', atNs: givenNs, part: calibration.firstPart + index, verdict });
  }
  return calls.toSorted((a, b) => a.atNs - b.atNs);
}

/** A calibration and calls that fit it: any calls in any order, or a crowded belt. */
export function scenarios(options: {
  readonly withStop: boolean;
}): fc.Arbitrary<{ calibration: TrackerCalibration; calls: Call[] }> {
  const drafts = fc.array(draft(options.withStop), { maxLength: 60, size: 'max' });
  const anyCalls = fc
    .tuple(calibrations, drafts)
    .map(([calibration, drafted]) => ({ calibration, calls: place(drafted, calibration) }));
  const belt = fc
    .tuple(calibrations, fc.array(crowded, { maxLength: 12, size: 'max' }), fc.integer({ min: 0, max: 24 }))
    .map(([calibration, parts, last]) => ({
      calibration,
      calls: cut(convey(parts, calibration), last, options.withStop),
    }));
  return fc.oneof(anyCalls, belt);
}

/** Ends the calls with a stop after the first `count`, if stops are wanted. */
function cut(calls: Call[], count: number, withStop: boolean): Call[] {
  const next = calls[count];
  if (!withStop || next === undefined || next.call === 'resume') return calls;
  return [...calls.slice(0, count), { call: 'stop', atNs: next.atNs }];
}
