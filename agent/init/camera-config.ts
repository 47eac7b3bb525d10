import type { Role } from './boards.ts';
import type { V4l2Camera } from './cameras.ts';
import type { Found } from './look.ts';
import { refusal } from './refusal.ts';

export const cameraKinds = ['v4l2', 'rpicam', 'gstreamer', 'simulator'] as const;
export type CameraKind = (typeof cameraKinds)[number];

/** `camera:` of the station file as it is written, and what is known about the camera beside. */
export interface CameraConfig {
  readonly fields: Readonly<Record<string, unknown>> & { readonly kind: CameraKind };
  /** Lines for a comment above it. */
  readonly notes: readonly string[];
}

const usual: Readonly<Record<Exclude<CameraKind, 'simulator'>, Readonly<Record<string, unknown>>>> = {
  v4l2: { device: '/dev/video0', format: 'yuyv', widthPx: 640, heightPx: 480, framesPerSecond: 30, controls: {} },
  rpicam: {
    ...{ camera: 0, widthPx: 1280, heightPx: 720, framesPerSecond: 60, shutterUs: 2000, gain: 2 },
    awbGains: { red: 1.9, blue: 1.6 },
  },
  gstreamer: {
    ...{ sensor: 0, widthPx: 1280, heightPx: 720, framesPerSecond: 60, shutterUs: 2000, gain: 2 },
    ...{ whiteBalance: 5, latencyMs: 80 },
  },
};

interface SaidCamera {
  readonly kind: CameraKind;
  readonly device: string | undefined;
  readonly number: number | undefined;
}

/** By which field a board counts its own cameras. */
const numberFields: Readonly<Partial<Record<CameraKind, string>>> = { rpicam: 'camera', gstreamer: 'sensor' };

/** The camera's fields: what was found of it, else what is usual. Throws LinegateError 'bad-argument'. */
export function cameraFor(
  { kind, device, number }: SaidCamera,
  lines: Readonly<Partial<Record<Role, string>>>,
  { v4l2 }: Found,
): CameraConfig {
  const said = saidOf({ kind, device, number });
  if (kind === 'simulator') return { fields: { kind }, notes: [] };
  const external = lines.cameraTrigger !== undefined && kind !== 'gstreamer' ? { externalTrigger: { delayMs: 0 } } : {};
  const seen = kind === 'v4l2' ? v4l2.find((each) => device === undefined || each.device === device) : undefined;
  const asked = seen === undefined ? said : fieldsOf(seen);
  const fields = { kind, ...usual[kind], ...asked, ...external, ...slow(seen?.framesPerSecond) };
  return { fields, notes: notesOf(kind, seen) };
}

/** The fields that say which camera it is. Throws LinegateError 'bad-argument'. */
function saidOf({ kind, device, number }: SaidCamera): Readonly<Record<string, unknown>> {
  if (device !== undefined && kind !== 'v4l2') {
    throw refusal(`The option --camera-device is for v4l2 cameras; leave it away with --camera ${kind}.`);
  }
  if (device !== undefined && !/^\/dev\/\P{Cc}{1,900}$/u.test(device)) {
    throw refusal(`The camera "${device}" is no device; give --camera-device a path such as /dev/video0.`);
  }
  const counted = numberFields[kind];
  if (number !== undefined && (counted === undefined || !Number.isInteger(number) || number < 0 || number > 7)) {
    throw refusal(
      `There is no camera number ${number} with --camera ${kind}; --camera-number is for rpicam and gstreamer, from 0 to 7.`,
    );
  }
  if (number !== undefined && counted !== undefined) return { [counted]: number };
  return device === undefined ? {} : { device };
}

function fieldsOf({ device, format, widthPx, heightPx, framesPerSecond }: V4l2Camera): Record<string, unknown> {
  return { device, format, widthPx, heightPx, framesPerSecond };
}

/** A camera with few frames must not count as stalled between two. */
function slow(framesPerSecond = 30): Record<string, unknown> {
  const frameMs = 1000 / framesPerSecond;
  return frameMs >= 500 ? { stallMs: Math.ceil(3 * frameMs) } : {};
}

function notesOf(kind: CameraKind, seen: V4l2Camera | undefined): string[] {
  if (kind !== 'v4l2') return ['Nobody has asked the camera yet: "linegate doctor" shows what it really gives.'];
  if (seen === undefined) return ['No camera was found here: correct these by "linegate-v4l2 --list".'];
  const ranges = seen.controls.slice(0, 12).map((each) => each.replace(/[^ -~]/g, '?'));
  const can = ranges.length === 0 ? 'it has no controls' : `its controls: ${ranges.join(', ')}`;
  return [`${seen.card.replace(/[^ -~]/g, '?')}; ${can}.`];
}
