import type { StationConfig } from '../../config/station.ts';
import type { CameraLook } from '../probes.ts';
import { measureStream } from './stream.ts';
import { streamOf } from './stream-of.ts';

/** Opens the camera for some seconds and counts its frames. Never rejects. */
export async function lookAtCamera(camera: StationConfig['camera'], seconds: number): Promise<CameraLook> {
  const stream = streamOf(camera);
  if (stream !== null) return measureStream(stream, seconds);
  const detail = `A camera of the kind ${camera.kind} gives single pictures, so it has no rate that could be measured.`;
  return { kind: 'unsupported', detail };
}
