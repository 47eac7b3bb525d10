import { z } from 'zod';
import { cameraSchema } from './camera.ts';
import { gatekeeperLineSchema } from './gatekeeper.ts';
import { alarmsSchema, shiftsSchema, storageSchema, uplinkSchema } from './upkeep.ts';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'must be letters, digits, dashes and underscores');
const path = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^\P{Cc}+$/u, 'must not hold control characters');
const gpio = z.int().min(0).max(1023);

const trigger = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('interval'), everyMs: z.number().min(1).max(3_600_000) }),
  z.strictObject({
    kind: z.literal('mqtt'),
    url: z.string().regex(/^mqtts?:\/\/[^\s/]+\/?$/, 'must be like mqtt://host:1883'),
    topic: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^#+\0]+$/, 'must name one topic, without + or #'),
  }),
  z.strictObject({ kind: z.literal('camera') }),
  z.strictObject({ kind: z.literal('onoff'), gpio }),
]);

const gate = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('onoff'), gpio, activeLevel: z.enum(['high', 'low']).default('high') }),
]);

const line = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('simulator'),
    partsPerSecond: z.number().min(0.01).max(1000).default(10),
    /** Share of defective parts. */
    defectRate: z.number().min(0).max(1).default(0.2),
    seed: z.int().min(0).max(4_294_967_295).default(1),
    /** Parts to send; 0 goes on until it is stopped. */
    parts: z.int().min(0).max(1_000_000_000).default(0),
    /** A folder with one folder of pictures per label; rendered rings when it is left out. */
    images: path.optional(),
  }),
  z.strictObject({ kind: z.literal('software'), trigger, gate, calibration: path }),
  gatekeeperLineSchema,
]);

/** station.yaml: what this station is made of. */
export const stationSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    station: name,
    /** Name of a recipe that came with linegate, or a folder that holds a manifest.json. */
    recipe: path,
    /** Everything that the station writes is in this folder. */
    stateFolder: path,
    line,
    camera: cameraSchema,
    classifier: z
      .strictObject({
        engine: z.enum(['onnx', 'tfjs-node']).default('onnx'),
        maxPending: z.int().min(1).max(256).default(8),
        hangMs: z.number().min(50).max(600_000).default(2000),
      })
      .prefault({}),
    pictures: z
      .strictObject({
        keep: z.enum(['all', 'rejects', 'none']).default('rejects'),
        maxMegabytes: z.number().min(1).max(1_000_000).default(500),
      })
      .prefault({}),
    ledger: z.strictObject({ flushMs: z.number().min(1).max(60_000).default(1000) }).prefault({}),
    uplink: uplinkSchema.prefault({ kind: 'none' }),
    shifts: shiftsSchema,
    storage: storageSchema,
    alarms: alarmsSchema,
    log: z.strictObject({ level: z.enum(['error', 'warn', 'info', 'debug']).default('info') }).prefault({}),
  })
  .superRefine((s, context) => {
    const trigger = s.line.kind === 'software' ? s.line.trigger.kind : undefined;
    for (const misfit of misfits({ line: s.line.kind, trigger, camera: s.camera.kind })) {
      context.addIssue({ code: 'custom', ...misfit });
    }
  });

/** What line and camera, each right by itself, do not fit in. */
export function misfits({ line, trigger, camera }: Readonly<Record<'line' | 'trigger' | 'camera', unknown>>): {
  readonly path: string[];
  readonly message: string;
}[] {
  if (line === 'simulator' && camera !== 'simulator') {
    const message = 'must be simulator when line.kind is simulator';
    return [{ path: ['camera', 'kind'], message }];
  }
  if ((line === 'software' && trigger === 'camera') !== (camera === 'folder')) {
    const message = 'must be camera exactly when camera.kind is folder: there each file is a part';
    return [{ path: ['line', 'trigger', 'kind'], message }];
  }
  return [];
}

/** A station's configuration, checked and with its defaults. */
export type StationConfig = z.infer<typeof stationSchema>;
export type SimulatorConfig = Extract<StationConfig['line'], { kind: 'simulator' }>;
export type SoftwareLineConfig = Extract<StationConfig['line'], { kind: 'software' }>;
