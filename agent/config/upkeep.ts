import { z } from 'zod';

const text = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^\P{Cc}+$/u, 'must not hold control characters');
const file = text(1000);

/** Where records go. Without it nothing leaves the station. */
export const uplinkSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('mqtt'),
    url: z.string().regex(/^mqtts?:\/\/[^\s/@]+\/?$/, 'must be like mqtts://host:8883, without user or password'),
    /** 3.1.1 or 5. */
    version: z.enum(['3.1.1', '5']).default('3.1.1'),
    username: text(200).optional(),
    /** Files, so that no secret stands in station.yaml. */
    passwordFile: file.optional(),
    caFile: file.optional(),
    certFile: file.optional(),
    keyFile: file.optional(),
    /** Which part rows go up one by one; what is left out goes as numbers. Other rows always go. */
    parts: z.enum(['all', 'rejects', 'none']).default('all'),
  }),
]);

/** When shifts begin, at the station's local time. */
export const shiftsSchema = z
  .array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be like 06:00'))
  .min(1)
  .max(12)
  .default(['06:00', '14:00', '22:00']);

const share = z.number().min(0.1).max(0.99);

/** What is given up when the disk fills: pictures first, then passes, which become counts; rejects last. */
export const storageSchema = z
  .strictObject({
    dropPicturesAt: share.default(0.8),
    foldPassesAt: share.default(0.9),
    /** With nothing left to give up: go on without records, folded into a gap, or stop the line. */
    whenFull: z.enum(['drop', 'stop-line']).default('drop'),
    /** A file that is deleted when the disk is full, so that the ledger can go on. */
    ballastMegabytes: z.int().min(1).max(1024).default(8),
    /** The ledger's own limit; the disk's when left out. */
    ledgerMegabytes: z.int().min(1).max(1_000_000).optional(),
  })
  .prefault({});

/** When a person is called. */
export const alarmsSchema = z
  .strictObject({
    rejectsInARow: z.int().min(2).max(10_000).default(5),
    unconfirmedInARow: z.int().min(1).max(10_000).default(2),
    /** Share of parts without a verdict, among the last hundred. */
    noVerdictShare: z.number().min(0.01).max(1).default(0.05),
    cameraStalledMs: z.number().min(100).max(600_000).default(5000),
    /** A commit that takes longer. */
    ledgerSlowMs: z.number().min(50).max(600_000).default(2000),
    /** Least time left between verdict and deadline, as a share of the time from trigger to deadline. */
    headroom: z.number().min(0.01).max(0.9).default(0.1),
  })
  .prefault({});

export type UplinkConfig = z.infer<typeof uplinkSchema>;
export type StorageConfig = z.infer<typeof storageSchema>;
export type AlarmsConfig = z.infer<typeof alarmsSchema>;
