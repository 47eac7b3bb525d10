import type { PartId } from '../../../core/part-record.ts';
import type { TrackerEvent } from '../../../core/track/events.ts';
import type { LineEvent } from '../../../ports/line.ts';

/** Why the gatekeeper ends a connection, in the order of its codes, which begin with 1. */
export const refusals = [
  'busy',
  'malformed',
  'nonce',
  'number',
  'range',
  'order',
  'role',
  'ahead',
  'slow',
  'stopping',
] as const;

/** Why ready is off, in the order of its bits. */
export const doubts = ['start', 'encoder', 'late', 'ring', 'chip', 'no-agent', 'stopped'] as const;

export const inputs = [
  'trigger',
  'confirm',
  'part-at-gate',
  'bin-full',
  'estop-status',
  'encoder-a',
  'encoder-b',
] as const;

export const faults = [
  'chip-lost',
  'chip-back',
  'edges-lost',
  'gate-too-long',
  'pulse-dropped',
  'trigger-late',
  'gate-late',
  'ring-damaged',
] as const;

type Of<K extends LineEvent['kind']> = Extract<LineEvent, { kind: K }>;

/** An event that the station is told as it is. */
export type PlainEvent =
  | Exclude<TrackerEvent, { kind: 'gate' | 'missed-pulse' }>
  | Of<'trigger-ignored' | 'interrupted' | 'encoder' | 'parts-lost'>;

/** What the gatekeeper tells. `atNs` is the kernel's stamp where there is one. */
export type GateRecord =
  | {
      readonly kind: 'hello';
      readonly digest: bigint;
      readonly nonce: bigint;
      readonly nextPart: PartId;
      /** Part numbers go on; when not, the agent's first part fixes them. */
      readonly numbered: boolean;
    }
  /** Parts before `nextPart` are told as interrupted alone. */
  | { readonly kind: 'attached'; readonly nextPart: PartId; readonly interrupted: number }
  | { readonly kind: 'refused'; readonly reason: (typeof refusals)[number] }
  | {
      readonly kind: 'ready';
      readonly on: boolean;
      readonly doubts: readonly (typeof doubts)[number][];
      readonly atNs: number;
    }
  | {
      readonly kind: 'input';
      readonly input: (typeof inputs)[number];
      readonly active: boolean;
      readonly atNs: number;
      /** The furthest that the belt had come; 0 when the base is time. */
      readonly counts: number;
      /** By how many counts it was behind that. */
      readonly backCounts: number;
    }
  | {
      readonly kind: 'fault';
      readonly fault: (typeof faults)[number];
      readonly value: number;
      readonly atNs: number;
    }
  | { readonly kind: 'hold-denied'; readonly gate: 1 | 2 }
  /** `part` is 0 where the gate moved for none. */
  | (Of<'gate'> & { readonly gate: 1 | 2 })
  | (Of<'missed-pulse'> & { readonly gate: 1 | 2 })
  | PlainEvent;
