import { z } from 'zod';

const path = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^\P{Cc}+$/u, 'must not hold control characters');
const side = (multiple: number): z.ZodNumber => z.int().min(16).max(4096).multipleOf(multiple);

/** How frames belong to triggers; docs/cameras.md says how to choose. */
const timing = {
  /** How far a part's frame may be from the moment it is expected at; 0.6 of a frame's time when left out. */
  windowMs: z.number().min(0.1).max(10_000).optional(),
  /** Without a frame for this long the camera counts as stalled. */
  stallMs: z.number().min(100).max(60_000).default(1000),
};

/** The camera takes one frame at each pulse of CAMERA_TRIGGER; the frame's time comes this long after the photo-eye's edge. */
const externalTrigger = z.strictObject({ delayMs: z.number().min(0).max(10_000) }).optional();
const shutterUs = z.int().min(1).max(10_000_000);

interface Streamed {
  readonly framesPerSecond: number;
  readonly stallMs: number;
}

/** A slow camera must not count as stalled between two frames. */
const twoFramesFit = ({ framesPerSecond, stallMs }: Streamed): boolean => stallMs >= 2000 / framesPerSecond;
const needsTwoFrames = { path: ['stallMs'], message: 'must be at least the time of two frames' };

const v4l2 = z
  .strictObject({
    kind: z.literal('v4l2'),
    /** Best a link in /dev/v4l/by-id, which stays the same when the camera is plugged in again. */
    device: path.regex(/^\/dev\//, 'must be a device like /dev/video0'),
    format: z.enum(['nv12', 'yuyv', 'grey', 'rgb']).default('yuyv'),
    widthPx: side(2),
    heightPx: side(2),
    framesPerSecond: z.number().min(0.1).max(1000),
    /** Fixed exposure, gain and white balance, set in this order, by the names that `linegate-v4l2 --list` tells. */
    controls: z
      .record(
        z.string().regex(/^[a-z0-9_]{1,63}$/, 'must be a name like exposure_time_absolute'),
        z.int().min(-2_147_483_648).max(2_147_483_647),
      )
      .default({}),
    /** From the exposure to the kernel's stamp. */
    latencyMs: z.number().min(0).max(1000).default(0),
    externalTrigger,
    ...timing,
  })
  .refine(twoFramesFit, needsTwoFrames)
  .refine(({ controls }) => Object.keys(controls).length <= 32, { path: ['controls'], message: 'must be at most 32' });

const rpicam = z
  .strictObject({
    kind: z.literal('rpicam'),
    camera: z.int().min(0).max(7).default(0),
    /** So that no camera pads its rows. */
    widthPx: side(128),
    heightPx: side(2),
    framesPerSecond: z.number().min(0.1).max(1000),
    shutterUs,
    gain: z.number().min(1).max(64).default(1),
    awbGains: z.strictObject({ red: z.number().min(0.1).max(32), blue: z.number().min(0.1).max(32) }),
    externalTrigger,
    ...timing,
  })
  .refine(twoFramesFit, needsTwoFrames);

const gstreamer = z
  .strictObject({
    kind: z.literal('gstreamer'),
    sensor: z.int().min(0).max(7).default(0),
    widthPx: side(4),
    heightPx: side(2),
    framesPerSecond: z.int().min(1).max(1000),
    shutterUs,
    gain: z.number().min(1).max(64).default(1),
    /** nvarguscamerasrc's `wbmode`: 1 is automatic, 2 to 8 are lights. */
    whiteBalance: z.int().min(0).max(9).default(5),
    /** From exposure to arrival: it gives no times of its own. */
    latencyMs: z.number().min(0).max(1000),
    ...timing,
  })
  .refine(twoFramesFit, needsTwoFrames);

/** camera: in station.yaml. */
export const cameraSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('simulator') }),
  z.strictObject({
    kind: z.literal('folder'),
    path,
    existing: z.enum(['inspect', 'skip']).default('skip'),
    afterwards: z.enum(['leave', 'delete']).default('leave'),
  }),
  z.strictObject({
    kind: z.literal('node-libcamera'),
    widthPx: z.int().min(64).max(4096).default(640),
    heightPx: z.int().min(64).max(4096).default(480),
  }),
  v4l2,
  rpicam,
  gstreamer,
]);

/** A camera whose frames a program streams. */
export type StreamConfig = Extract<z.infer<typeof cameraSchema>, { kind: 'v4l2' | 'rpicam' | 'gstreamer' }>;
