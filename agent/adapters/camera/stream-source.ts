import type { Frame } from '../../core/frame.ts';

/** How the program that sends the frames is started. */
export interface StreamCommand {
  readonly program: string;
  readonly arguments: readonly string[];
  /** The file descriptor on which it writes the frames. */
  readonly output: 1 | 3;
}

/** A frame as the program sent it. */
export interface StreamFrame {
  /** Room that the sink gave; it is used again once the frame is forgotten. */
  readonly pixels: Uint8Array;
  /** When the sensor took it, ns on CLOCK_MONOTONIC. */
  readonly sensorNs: number;
  /** Counts from the start of the program; a hole is a lost frame. */
  readonly sequence: number;
  /** Bytes from one row to the next, of the first plane. */
  readonly strideBytes: number;
  /** Whole frames that the program left out since its start because it was read too slowly, where it tells. */
  readonly dropped?: number;
}

/** Where a reader puts what it reads. */
export interface FrameSink {
  /** Room for the pixels of a frame. */
  room(sizeBytes: number): Uint8Array;
  /** The camera streams, though no frame has come yet. */
  streaming(): void;
  frame(frame: StreamFrame): void;
  /** A frame came and cannot be used. */
  damaged(): void;
}

/** Makes frames of the bytes of one run of the program. */
export interface StreamReader {
  /** Takes bytes that came at `arrivedNs`. Throws a LinegateError 'bad-message' for what the program should not send. */
  push(bytes: Uint8Array, arrivedNs: number): void;
}

/** A camera technology: a program, and how its output reads. */
export interface StreamSource {
  /** For sentences: "/dev/video0", "Pi camera 0". */
  readonly name: string;
  readonly command: StreamCommand;
  read(sink: FrameSink): StreamReader;
  /** The frame as the station sees it; `shared` when it holds the stream's own pixels. */
  toFrame(frame: StreamFrame): { readonly frame: Omit<Frame, 'sequence'>; readonly shared: boolean };
}
