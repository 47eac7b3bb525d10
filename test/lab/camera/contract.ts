/** The camera's contract on the kernel's virtual camera, inside the lab: `contract.ts PROGRAM`. */
import { setTimeout as moment } from 'node:timers/promises';
import { StreamCamera } from '../../../agent/adapters/camera/stream.ts';
import { v4l2Source } from '../../../agent/adapters/camera/v4l2.ts';
import { SystemClock } from '../../../agent/adapters/clock/system.ts';
import { cameraContract } from '../../contracts/camera.ts';
import { findVivid } from './vivid.ts';

const program = process.argv[2] ?? 'dist/native/x64/linegate-v4l2';
const device = findVivid(program)?.device ?? '/dev/video0';
const clock = new SystemClock();
const framesPerSecond = 15;

cameraContract('v4l2 on the virtual camera', async () => {
  const size = { widthPx: 640, heightPx: 480, framesPerSecond };
  const controls = { timestamp_source: 1 };
  const source = v4l2Source({ program, device, format: 'nv12', ...size, controls, latencyMs: 0 });
  return {
    camera: new StreamCamera({ source, clock, framesPerSecond, windowMs: 200 }),
    part: async () => {
      // A frame is one part's alone.
      await moment(300);
      return clock.nowNs();
    },
  };
});
