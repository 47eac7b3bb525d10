import type { Random } from '../../../agent/core/render/prng.ts';
import type { Weights } from './counts.ts';

/** Which pictures belong together, for resampling. */
export interface Grouping {
  /** The indexes of the pictures of each group, in strata that are resampled apart. */
  readonly strata: readonly (readonly (readonly number[])[])[];
  readonly pictures: number;
}

/**
 * Puts pictures into their groups. Where each group holds one label only (trays of good and trays of bad parts), groups are
 * resampled within their label, so that each resample has as many of each; else all groups form one stratum.
 */
export function groupingOf(pictures: readonly { readonly label: string; readonly group: string }[]): Grouping {
  const groups = new Map<string, { labels: Set<string>; members: number[] }>();
  for (const [at, { label, group }] of pictures.entries()) {
    const entry = groups.get(group) ?? { labels: new Set(), members: [] };
    entry.labels.add(label);
    entry.members.push(at);
    groups.set(group, entry);
  }
  const pure = [...groups.values()].every(({ labels }) => labels.size === 1);
  const strata = Map.groupBy(groups.values(), ({ labels }) => (pure ? [...labels][0] : undefined));
  return {
    strata: [...strata.values()].map((stratum) => stratum.map(({ members }) => members)),
    pictures: pictures.length,
  };
}

/**
 * The weights of `count` resamples of whole groups, with replacement. Of n groups of a stratum n - 1 are drawn and weigh
 * n / (n - 1) each (Rao and Wu, JASA 1988): drawing n would make intervals too narrow where groups are few.
 * The array is the same each time and changes.
 */
export function* resamples({ strata, pictures }: Grouping, count: number, random: Random): Generator<Weights> {
  const weights = new Float64Array(pictures);
  for (let turn = 0; turn < count; turn += 1) {
    weights.fill(0);
    for (const groups of strata) {
      const draws = Math.max(1, groups.length - 1);
      for (let draw = 0; draw < draws; draw += 1) {
        const group = groups[Math.floor(random() * groups.length)] ?? [];
        for (const at of group) weights[at] = (weights[at] ?? 0) + groups.length / draws;
      }
    }
    yield weights;
  }
}

/** The value below which the share `q` of `sorted` lies, interpolated. */
export function quantileOf(sorted: ArrayLike<number>, q: number): number {
  const place = q * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return below + (above - below) * (place - Math.floor(place));
}
