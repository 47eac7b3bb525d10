import { z } from 'zod';

/** What the kernel allows as a chip's label or a line's name, if it can stand as one word in gatekeeper.conf. */
const gpioName = z.string().regex(/^[!"$-~]{1,31}$/, 'must be 1 to 31 printable characters without spaces and #');

/** A path that stands as one word in gatekeeper.conf and fits a socket's address. */
const runPath = z
  .string()
  .regex(/^\/[!"$-~]{1,106}$/, 'must be an absolute path of at most 107 characters without spaces and #');

const level = z.enum(['high', 'low']).default('high');
const us = (min: number): z.ZodNumber => z.int().min(min).max(1_000_000);

const place = {
  /** The chip's label, as `gpiodetect` shows it in brackets; never its number, which moves. */
  chip: gpioName,
  /** The line's name, as `gpioinfo` shows it. */
  line: gpioName,
  activeLevel: level,
};

const sensed = {
  ...place,
  bias: z.enum(['as-is', 'disabled', 'pull-up', 'pull-down']).default('as-is'),
};

/** The kernel takes a level for real that has stood for `debounceUs`. What counts is the edge to active. */
const input = z.strictObject({ ...sensed, debounceUs: us(0).default(0) });

const encoderInput = z.strictObject(sensed);
const output = z.strictObject(place);
const pulsedOutput = z.strictObject({ ...place, delayUs: us(0).default(0), widthUs: us(1) });

const inputs = z.strictObject({
  /** The photo-eye at the camera. */
  trigger: input,
  /** The sensor in the reject chute. */
  confirm: input.optional(),
  encoderA: encoderInput.optional(),
  encoderB: encoderInput.optional(),
  /** A sensor at the gate that sees every part, ejected or not. */
  partAtGate: input.optional(),
  binFull: input.optional(),
  estopStatus: input.optional(),
});

const outputs = z.strictObject({
  gate: output,
  /** A second gate, for parts under review. */
  reviewGate: output.optional(),
  ready: output.optional(),
  strobe: pulsedOutput.optional(),
  cameraTrigger: pulsedOutput.optional(),
  plcBusy: output.optional(),
  plcOk: output.optional(),
  plcNg: output.optional(),
});

/** `line: { kind: gatekeeper }` of station.yaml. */
export const gatekeeperLineSchema = z
  .strictObject({
    kind: z.literal('gatekeeper'),
    socket: runPath.default('/run/linegate/gatekeeper.sock'),
    /** What the gatekeeper keeps of parts that no agent has acknowledged; in memory that survives the process. */
    ring: runPath.default('/run/linegate/gatekeeper.ring'),
    calibration: z
      .string()
      .min(1)
      .max(1000)
      .regex(/^\P{Cc}+$/u, 'must not hold control characters'),
    inputs,
    outputs,
    /** Without a sign of life from the agent for so long, ready drops. */
    heartbeatMs: z.int().min(50).max(60_000).default(1000),
    /** A gate that moves later than this puts the line in doubt. */
    lateUs: us(1).default(2000),
    /** How long before a gate moves the gatekeeper is awake at most, where this computer wakes it late; 0: never. */
    wakeEarlyUs: z.int().min(0).max(10_000).default(5000),
    /** Encoder only: the longest that the gate stays active while the belt stands still. */
    gateMaxMs: z.int().min(1).max(60_000).default(1000),
    /** How long plcOk and plcNg are active for a part. */
    plcUs: us(1).default(20_000),
    /** The user that the agent runs as; root and the gatekeeper's own user may always connect. */
    agentUid: z.int().min(0).max(4_294_967_294).optional(),
  })
  .superRefine((line, context) => {
    if (line.inputs.encoderB !== undefined && line.inputs.encoderA === undefined) {
      const message = 'must have encoderA beside it: a single channel is encoderA';
      context.addIssue({ code: 'custom', path: ['inputs', 'encoderB'], message });
    }
    for (const path of usedTwice(line)) {
      context.addIssue({ code: 'custom', path, message: 'must be a line that nothing else of the station uses' });
    }
  });

export type GatekeeperLineConfig = z.infer<typeof gatekeeperLineSchema>;

/** Lines that stand a second time, by where they stand. */
function usedTwice({ inputs, outputs }: Pick<GatekeeperLineConfig, 'inputs' | 'outputs'>): string[][] {
  const seen = new Set<string>();
  const again: string[][] = [];
  for (const [group, lines] of Object.entries({ inputs, outputs })) {
    for (const [name, each] of Object.entries(lines)) {
      if (each === undefined) continue;
      const where = `${each.chip} ${each.line}`;
      if (seen.has(where)) again.push([group, name, 'line']);
      seen.add(where);
    }
  }
  return again;
}
