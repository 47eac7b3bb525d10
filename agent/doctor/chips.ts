import { z } from 'zod';
import type { Ran } from './host.ts';

const line = z.object({
  offset: z.int(),
  name: z.string(),
  consumer: z.string(),
  used: z.boolean(),
  direction: z.enum(['input', 'output']),
});
const chip = z.object({ device: z.string(), label: z.string(), lines: z.array(line) });
const answer = z.object({
  chips: z.array(chip),
  refused: z.array(z.object({ device: z.string(), reason: z.string() })),
});

export type GpioLine = z.infer<typeof line>;
export type GpioChip = z.infer<typeof chip>;

/** The GPIO chips of this computer, or why nobody knows them. */
export type Chips =
  | {
      readonly kind: 'known';
      readonly chips: readonly GpioChip[];
      readonly refused: readonly { readonly device: string; readonly reason: string }[];
    }
  | { readonly kind: 'unknown'; readonly why: string };

/** Reads what the program that lists the lines printed. */
export function parseChips(ran: Ran): Chips {
  if (ran.kind === 'missing') return { kind: 'unknown', why: 'the program linegate-gpioinfo is not installed' };
  if (ran.kind !== 'ran') return { kind: 'unknown', why: 'the program linegate-gpioinfo did not end in time' };
  try {
    const { chips, refused } = answer.parse(JSON.parse(ran.stdout));
    return { kind: 'known', chips, refused };
  } catch {
    return { kind: 'unknown', why: `the program linegate-gpioinfo ended with ${ran.code} and no usable answer` };
  }
}

/** A chip of this label that is a Raspberry Pi's header. */
export function isPiHeader(label: string): boolean {
  return /^pinctrl-(bcm2835|bcm2711|bcm2712|rp1)$/.test(label);
}

/** The BCM number of a header line; null when the line is none of a Raspberry Pi's header. */
export function bcmNumber(chip: GpioChip, line: GpioLine): number | null {
  return isPiHeader(chip.label) && line.offset < 28 ? line.offset : null;
}
