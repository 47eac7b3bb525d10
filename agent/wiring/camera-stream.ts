import { gstreamerSource } from '../adapters/camera/gstreamer.ts';
import { rpicamSource } from '../adapters/camera/rpicam.ts';
import type { StreamSource } from '../adapters/camera/stream-source.ts';
import { v4l2Source } from '../adapters/camera/v4l2.ts';
import type { StreamConfig } from '../config/camera.ts';
import { nativeProgram } from '../native/programs-path.ts';

/** The program of a camera that streams, and how its output reads. */
export function streamSource(camera: StreamConfig): StreamSource {
  switch (camera.kind) {
    case 'v4l2':
      return v4l2Source({ ...camera, program: nativeProgram('linegate-v4l2') });
    case 'rpicam':
      return rpicamSource(camera);
    case 'gstreamer':
      return gstreamerSource(camera);
  }
}
