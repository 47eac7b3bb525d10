import { PlainFrameReader } from './gstreamer-reader.ts';
import type { StreamFrame, StreamSource } from './stream-source.ts';

export interface GstreamerOptions {
  readonly sensor: number;
  /** A multiple of 4: GStreamer pads rows to that. */
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSecond: number;
  readonly shutterUs: number;
  readonly gain: number;
  /** nvarguscamerasrc's `wbmode`; 1 is automatic. */
  readonly whiteBalance: number;
  /** From exposure to arrival; measured with a light that the station switches. */
  readonly latencyMs: number;
  /** gst-launch-1.0; a test has its own. */
  readonly program?: string;
  /** Elements that end in NV12 frames in the computer's own memory; a test has its own. */
  readonly elements?: readonly string[];
}

/**
 * A Jetson's CSI camera through GStreamer. Its times are those at which a frame began to arrive, less a fixed latency:
 * they carry the jitter of the whole pipeline and of this process. Not run on hardware yet.
 */
export function gstreamerSource(options: GstreamerOptions): StreamSource {
  const { widthPx, heightPx, program = 'gst-launch-1.0', elements = argus(options) } = options;
  const shape = { frameBytes: (widthPx * heightPx * 3) / 2, strideBytes: widthPx, latencyNs: options.latencyMs * 1e6 };
  const toReader = ['!', 'queue', 'max-size-buffers=1', 'leaky=downstream', '!', 'fdsink', 'fd=3', 'sync=false'];
  return {
    name: `Jetson camera ${options.sensor}`,
    // Standard output is left to what gst-launch itself prints.
    command: { program, arguments: ['-q', ...elements, ...toReader], output: 3 },
    read: (sink) => new PlainFrameReader(shape, sink),
    toFrame: ({ pixels, sensorNs, strideBytes }: StreamFrame) => ({
      frame: { data: pixels, format: 'nv12', widthPx, heightPx, strideBytes, sensorNs, clock: 'monotonic' },
      shared: true,
    }),
  };
}

function argus(options: GstreamerOptions): string[] {
  const { sensor, widthPx, heightPx, framesPerSecond, shutterUs, gain, whiteBalance } = options;
  const size = `width=${widthPx},height=${heightPx}`;
  const shutterNs = shutterUs * 1000;
  return [
    'nvarguscamerasrc',
    `sensor-id=${sensor}`,
    `exposuretimerange=${shutterNs} ${shutterNs}`,
    `gainrange=${gain} ${gain}`,
    'ispdigitalgainrange=1 1',
    'aelock=true',
    `wbmode=${whiteBalance}`,
    '!',
    `video/x-raw(memory:NVMM),${size},framerate=${framesPerSecond}/1`,
    '!',
    'nvvidconv',
    '!',
    `video/x-raw,format=NV12,${size}`,
  ];
}
