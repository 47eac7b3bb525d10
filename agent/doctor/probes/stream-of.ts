import type { StationConfig } from '../../config/station.ts';
import type { Stream } from './stream.ts';

/** The stream of frames of a camera; null for a kind that has none. */
export function streamOf(_camera: StationConfig['camera']): Stream | null {
  return null;
}
