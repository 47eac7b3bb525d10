import type { BenchFormat } from '../frames.ts';
import type { Paced } from '../messages.ts';
import type { Size } from '../models.ts';
import type { Plan } from '../plan.ts';
import { type Check, check } from '../report.ts';
import type { Role } from '../role.ts';
import { median, rounded, summaryMs } from '../stats.ts';

/** The processes of one size, all started, all idle. */
export interface Contest {
  readonly bare: Role;
  readonly station: Role;
  readonly peer: Role | undefined;
}

type Lane = 'bare' | 'station' | 'station-rgb' | 'peer';

/** Blocks of each, by turns, so that a busy minute of the host meets all of them. */
async function blocksOf(contest: Contest, plan: Plan): Promise<Map<Lane, Paced[]>> {
  const { bare, station, peer } = contest;
  const lanes: readonly (readonly [Lane, Role, BenchFormat])[] = [
    ['bare', bare, 'nv12'],
    ['station', station, 'nv12'],
    ['station-rgb', station, 'rgb'],
    ...(peer === undefined ? [] : ([['peer', peer, 'nv12']] as const)),
  ];
  const found = new Map<Lane, Paced[]>(lanes.map(([lane]) => [lane, []]));
  const { perSecond, rejectEvery, triggersPerBlock } = plan;
  // The first round warms up and is not counted.
  for (let block = 0; block <= plan.blocks; block += 1) {
    for (const [lane, role, format] of lanes) {
      const count = block === 0 ? 20 : triggersPerBlock;
      const paced = await role.ask({ kind: 'paced', count, perSecond, format, rejectEvery });
      if (block > 0) found.get(lane)?.push(paced);
    }
  }
  return found;
}

/** The median of what `compare` makes of each pair of blocks that ran one after the other. */
function paired(ours: readonly Paced[], theirs: readonly Paced[], compare: (a: number, b: number) => number): number {
  return median(ours.map(({ verdictNs }, at) => compare(median(verdictNs), median(theirs[at]?.verdictNs ?? []))));
}

/** Time from a raw frame to the verdict beside the bare model's, at the same rate. */
export async function measureVerdicts({ sidePx }: Size, contest: Contest, plan: Plan): Promise<Check[]> {
  const found = await blocksOf(contest, plan);
  const of = (lane: Lane): readonly Paced[] => found.get(lane) ?? [];
  const [bare, ours] = [of('bare'), of('station')];
  const details = {
    ...Object.fromEntries(
      [...found].map(([lane, all]) => [`${lane} ms`, summaryMs(all.flatMap((one) => one.verdictNs))]),
    ),
    missing: [...found.values()].flat().reduce((sum, one) => sum + one.missing, 0),
  };
  const against = (lane: readonly Paced[]) =>
    sidePx === 224 ? rounded(paired(lane, bare, (a, b) => a / b)) : rounded(paired(lane, bare, (a, b) => a - b) / 1e6);
  const limits = sidePx === 224 ? { limit: 1.35, goal: 1.2 } : { limit: 1.3, goal: 0.7 };
  const what = sidePx === 224 ? 'times the bare run' : 'ms more than the bare run';
  const checks = [
    check({
      id: `verdict-${sidePx}`,
      what: `frame (NV12) to verdict, ${what}`,
      value: against(ours),
      ...limits,
      details,
    }),
    check({ id: `verdict-${sidePx}-rgb`, what: `frame (RGB) to verdict, ${what}`, value: against(of('station-rgb')) }),
    ...durable(`durable-${sidePx}`, ours),
  ];
  if (contest.peer === undefined) return checks;
  const value = rounded(paired(ours, of('peer'), (a, b) => a / b));
  const peer = { what: "times the Python loop's verdict time", limit: 0.85, goal: 0.6, value };
  return [...checks, check({ id: `peer-${sidePx}`, ...peer })];
}

function durable(id: string, ours: readonly Paced[]): Check[] {
  return (['reject', 'pass'] as const).map((outcome) => {
    const details = summaryMs(ours.flatMap(({ durableNs }) => durableNs[outcome]));
    return check({
      id: `${id}-${outcome}`,
      what: `ms until the row of a ${outcome} is durable`,
      value: details.median,
      details,
    });
  });
}

/** Parts a second without a pause, group commit and all, beside the bare loop's. */
export async function measureThroughput({ sidePx }: Size, { bare, station }: Contest, plan: Plan): Promise<Check> {
  const question = { kind: 'flat-out', parts: plan.flatOutParts } as const;
  const pairs: { readonly bare: number; readonly station: number }[] = [];
  for (let block = 0; block < plan.flatOutBlocks; block += 1) {
    const loop = await bare.ask(question);
    const whole = await station.ask(question);
    pairs.push({ bare: loop.partsPerSecond, station: whole.partsPerSecond });
  }
  return check({
    id: `throughput-${sidePx}`,
    what: "parts a second of the bare loop's",
    value: rounded(median(pairs.map((pair) => pair.station / pair.bare))),
    details: {
      'bare a second': Math.round(median(pairs.map((pair) => pair.bare))),
      'station a second': Math.round(median(pairs.map((pair) => pair.station))),
    },
    ...(sidePx === 224 ? ({ limit: 0.6, goal: 0.9, bound: 'least' } as const) : { bound: 'least' }),
  });
}
