import type { PixelFormat } from '../../core/frame.ts';
import type { FrameSink, StreamFrame, StreamSource } from './stream-source.ts';
import { V4l2Reader, type V4l2Shape } from './v4l2-reader.ts';

export interface V4l2Options {
  /** The program linegate-v4l2. */
  readonly program: string;
  /** Like /dev/v4l/by-id/..., which stays the same when it is plugged in again. */
  readonly device: string;
  readonly format: PixelFormat;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSecond: number;
  /** Values by the names that `linegate-v4l2 --list` tells, set in this order. */
  readonly controls: Readonly<Record<string, number>>;
  /** From the moment that counts to the kernel's stamp, for cameras that stamp a frame when it has come. */
  readonly latencyMs: number;
}

const FOURCC = { nv12: 'NV12', yuyv: 'YUYV', grey: 'GREY', rgb: 'RGB3' } as const;

/** A camera of the kernel's V4L2, such as a USB camera, with the kernel's own times. */
export function v4l2Source(options: V4l2Options): StreamSource {
  const { format, widthPx, heightPx, device } = options;
  const fourcc = Buffer.from(FOURCC[format]).readUInt32LE();
  const sizeOf = (strideBytes: number): number =>
    strideBytes * heightPx + (format === 'nv12' ? strideBytes * Math.ceil(heightPx / 2) : 0);
  const shape: V4l2Shape = { fourcc, widthPx, heightPx, sizeOf, latencyNs: options.latencyMs * 1e6 };
  return {
    name: device,
    command: { program: options.program, arguments: argumentsOf(options), output: 1 },
    read: (sink: FrameSink) => new V4l2Reader(shape, sink),
    toFrame: ({ pixels, sensorNs, strideBytes }: StreamFrame) => ({
      frame: { data: pixels, format, widthPx, heightPx, strideBytes, sensorNs, clock: 'monotonic' },
      shared: true,
    }),
  };
}

function argumentsOf({ device, format, widthPx, heightPx, framesPerSecond, controls }: V4l2Options): string[] {
  const wanted = ['--device', device, '--format', FOURCC[format], '--size', `${widthPx}x${heightPx}`];
  const settings = Object.entries(controls).flatMap(([name, value]) => ['--control', `${name}=${value}`]);
  return [...wanted, '--rate', String(framesPerSecond), ...settings];
}
