import type { Random } from '../../../agent/core/render/prng.ts';
import type { Weights } from './counts.ts';

/** Which pictures belong together, for resampling. */
export interface Grouping {
  /** For each picture the number of its group, from 0. */
  readonly groupOf: Int32Array;
  /** Numbers of groups that are resampled among themselves. */
  readonly strata: readonly (readonly number[])[];
}

/**
 * Puts pictures into their groups. Where each group holds one label only (trays of good and trays of bad parts), groups are
 * resampled within their label, so that each resample has as many of each; else all groups form one stratum.
 */
export function groupingOf(pictures: readonly { readonly label: string; readonly group: string }[]): Grouping {
  const groups = new Map<string, { number: number; labels: Set<string> }>();
  const groupOf = Int32Array.from(pictures, ({ label, group }) => {
    const entry = groups.get(group) ?? { number: groups.size, labels: new Set() };
    groups.set(group, entry);
    entry.labels.add(label);
    return entry.number;
  });
  const pure = [...groups.values()].every(({ labels }) => labels.size === 1);
  const strata = Map.groupBy(groups.values(), ({ labels }) => (pure ? [...labels][0] : undefined));
  return { groupOf, strata: [...strata.values()].map((stratum) => stratum.map(({ number }) => number)) };
}

/**
 * The weights of `count` resamples of whole groups, with replacement. Of n groups of a stratum n - 1 are drawn and weigh
 * n / (n - 1) each (Rao and Wu, JASA 1988): drawing n would make intervals too narrow where groups are few.
 * The array is the same each time and changes.
 */
export function* resamples({ groupOf, strata }: Grouping, count: number, random: Random): Generator<Weights> {
  const weights = new Float64Array(groupOf.length);
  const ofGroup = new Float64Array(strata.flat().length);
  for (let turn = 0; turn < count; turn += 1) {
    ofGroup.fill(0);
    for (const groups of strata) {
      const draws = Math.max(1, groups.length - 1);
      for (let draw = 0; draw < draws; draw += 1) {
        const group = groups[Math.floor(random() * groups.length)] ?? 0;
        ofGroup[group] = (ofGroup[group] ?? 0) + groups.length / draws;
      }
    }
    for (let at = 0; at < weights.length; at += 1) weights[at] = ofGroup[groupOf[at] ?? 0] ?? 0;
    yield weights;
  }
}

/** The value below which the share `q` of `sorted` lies, interpolated. */
export function quantileOf(sorted: ArrayLike<number>, q: number): number {
  const place = q * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return below + (above - below) * (place - Math.floor(place));
}
