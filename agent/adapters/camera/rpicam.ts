import { RpicamReader } from './rpicam-reader.ts';
import { BootClock } from './stream-boot-clock.ts';
import type { StreamFrame, StreamSource } from './stream-source.ts';

export interface RpicamOptions {
  /** Where several are connected, the one that `rpicam-hello --list-cameras` gives this number. */
  readonly camera: number;
  /** A multiple of 128, so that no camera pads its rows. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSecond: number;
  readonly shutterUs: number;
  readonly gain: number;
  readonly awbGains: { readonly red: number; readonly blue: number };
  /** rpicam-vid; a test has its own. */
  readonly program?: string;
}

/** What the camera's own buffers hold back before the first of them is filled again. */
const FRAMES_IN_FLIGHT = 6;

/**
 * A Raspberry Pi's CSI camera through rpicam-vid, with the sensor's own times. Not run on hardware yet.
 *
 * Pixels and metadata come on one pipe, each frame followed by its metadata: what a child gets from Node on another file
 * descriptor is a socket, which rpicam-vid cannot open by name, and so they cannot come apart either.
 */
export function rpicamSource(options: RpicamOptions): StreamSource {
  const { widthPx, heightPx, framesPerSecond } = options;
  const frameBytes = (widthPx * heightPx * 3) / 2;
  const oldestNs = (FRAMES_IN_FLIGHT / framesPerSecond) * 1e9;
  return {
    name: `Pi camera ${options.camera}`,
    command: { program: options.program ?? 'rpicam-vid', arguments: argumentsOf(options), output: 1 },
    read(sink) {
      const clock = new BootClock();
      const toMonotonicNs = (bootNs: number): number => clock.toMonotonicNs(bootNs);
      return new RpicamReader({ frameBytes, strideBytes: widthPx, toMonotonicNs, oldestNs }, sink);
    },
    toFrame: ({ pixels, sensorNs }: StreamFrame) => {
      const data = toNv12(pixels, widthPx * heightPx);
      const frame = {
        data,
        format: 'nv12',
        widthPx,
        heightPx,
        strideBytes: widthPx,
        sensorNs,
        clock: 'monotonic',
      } as const;
      return { frame, shared: false };
    },
  };
}

function argumentsOf(options: RpicamOptions): string[] {
  const { camera, widthPx, heightPx, framesPerSecond, shutterUs, gain, awbGains } = options;
  const numbers = {
    camera,
    width: widthPx,
    height: heightPx,
    framerate: framesPerSecond,
    shutter: shutterUs,
    gain,
    awbgains: `${awbGains.red},${awbGains.blue}`,
  };
  const settings = Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const stream = [
    '-n',
    '-t',
    '0',
    '--codec',
    'yuv420',
    '--flush',
    '-o',
    '-',
    '--metadata',
    '-',
    '--metadata-format',
    'txt',
  ];
  return [...stream, ...settings];
}

/** Planar YUV 4:2:0 with its two planes of colour made one; only for the frames that a part takes. */
function toNv12(planar: Uint8Array, pixels: number): Uint8Array {
  const data = new Uint8Array(planar.length);
  data.set(planar.subarray(0, pixels));
  const quarter = pixels / 4;
  const u = planar.subarray(pixels, pixels + quarter);
  const v = planar.subarray(pixels + quarter);
  for (let from = 0, to = pixels; from < quarter; from++) {
    data[to++] = u[from] ?? 0;
    data[to++] = v[from] ?? 0;
  }
  return data;
}
