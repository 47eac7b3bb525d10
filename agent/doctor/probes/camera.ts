import type { StreamConfig } from '../../config/camera.ts';
import type { StationConfig } from '../../config/station.ts';
import { streamSource } from '../../wiring/camera-stream.ts';
import type { CameraLook } from '../probes.ts';
import { measureStream } from './stream.ts';

/** Opens the camera for some seconds and counts its frames. Never rejects. */
export async function lookAtCamera(camera: StationConfig['camera'], seconds: number): Promise<CameraLook> {
  switch (camera.kind) {
    case 'v4l2':
      return look(camera, camera.format, seconds);
    case 'rpicam':
    case 'gstreamer':
      return look(camera, 'nv12', seconds);
    case 'node-libcamera':
    case 'folder':
    case 'simulator': {
      const detail = `A camera of the kind ${camera.kind} gives single pictures, so it has no rate that could be measured.`;
      return { kind: 'unsupported', detail };
    }
  }
}

async function look(camera: StreamConfig, format: string, seconds: number): Promise<CameraLook> {
  if ('externalTrigger' in camera && camera.externalTrigger !== undefined) {
    const detail = 'The camera gives a frame for each pulse of CAMERA_TRIGGER only, so it has no rate of its own.';
    return { kind: 'unsupported', detail };
  }
  const { widthPx, heightPx } = camera;
  return measureStream({ source: streamSource(camera), widthPx, heightPx, format }, seconds);
}
