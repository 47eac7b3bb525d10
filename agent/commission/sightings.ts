import type { GateRecord } from '../adapters/line/gatekeeper/records.ts';

/** A level that an input took; `atNs` is the kernel's stamp. */
export type Edge = Extract<GateRecord, { kind: 'input' }>;
export type InputName = Edge['input'];

/** Something that a beam saw, from its front to its end. */
export interface Sighting {
  readonly atNs: number;
  readonly counts: number;
  /** How long the beam was broken; null when the end of it was not seen. */
  readonly beamNs: number | null;
  readonly beamCounts: number | null;
}

/** Edges of one beam closer than this are one edge that bounces. */
const bounceNs = 5e6;

/** What an input saw, oldest first: bounces are taken together, lost edges are got over. */
export function sightingsOf(edges: readonly Edge[], input: InputName): Sighting[] {
  const all: Sighting[] = [];
  let front: Edge | undefined;
  let end: Edge | undefined;
  const finish = (): void => {
    if (front !== undefined) all.push(sighting(front, end));
  };
  for (const edge of ordered(edges, input)) {
    if (!edge.active) {
      end = front === undefined ? undefined : edge;
      continue;
    }
    const bounces = front !== undefined && edge.atNs - (end ?? front).atNs < bounceNs;
    if (!bounces) {
      finish();
      front = edge;
    }
    end = undefined;
  }
  finish();
  return all;
}

function ordered(edges: readonly Edge[], input: InputName): Edge[] {
  return edges.filter((edge) => edge.input === input).sort((a, b) => a.atNs - b.atNs);
}

function sighting(front: Edge, end: Edge | undefined): Sighting {
  return {
    atNs: front.atNs,
    counts: front.counts,
    beamNs: end === undefined ? null : end.atNs - front.atNs,
    beamCounts: end === undefined ? null : end.counts - front.counts,
  };
}
