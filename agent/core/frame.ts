/** Layouts of pixels that a camera delivers. `nv12` and `yuyv` are BT.601, limited range, as cameras send them. */
export type PixelFormat = 'rgb' | 'grey' | 'nv12' | 'yuyv';

/** The clock that a sensor's timestamp belongs to; `boottime` counts suspend, `monotonic` does not. */
export type ClockName = 'monotonic' | 'boottime' | 'wall';

/** Pixels with the moment at which the sensor saw them. */
export interface Frame {
  readonly data: Uint8Array;
  readonly format: PixelFormat;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Bytes from one row to the next of the first (or only) plane. */
  readonly strideBytes: number;
  /** When the sensor took it, ns on `clock`. */
  readonly sensorNs: number;
  readonly clock: ClockName;
  /** A counter by the camera; a hole in it is a lost frame. */
  readonly sequence: number;
}

/** The part of the frame that is looked at, as fractions of its width and height; the whole is {0, 0, 1, 1}. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How a frame becomes the model's input; part of the recipe, the same on every station and in the trainer. */
export interface PreprocessSpec {
  readonly colour: 'rgb' | 'grey';
  readonly widthPx: number;
  readonly heightPx: number;
  readonly region: Region;
}
