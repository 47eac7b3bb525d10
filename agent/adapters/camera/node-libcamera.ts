import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LinegateError, messageOf } from '../../core/errors.ts';
import type { Frame } from '../../core/frame.ts';
import { importOptional } from '../../core/optional-package.ts';
import type { PartId } from '../../core/part-record.ts';
import type { Camera, Capture } from '../../ports/camera.ts';
import type { Clock } from '../../ports/clock.ts';

/** What is used of the package node-libcamera: it makes a shell command of these options and runs it. */
export interface LibcameraStills {
  still(options: Readonly<Record<string, string | number | boolean>>): Promise<unknown>;
}

export interface NodeLibcameraOptions {
  readonly clock: Clock;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Folder for the file through which pictures come. */
  readonly scratchFolder: string;
  /** Gives the package; a test has its own. */
  readonly load?: () => Promise<LibcameraStills>;
}

/**
 * Still pictures of a Raspberry Pi camera through the package node-libcamera, for parts that stand still: each starts a
 * program and takes about a second. There is no sensor timestamp; `sensorNs` is when the picture was there. The package
 * builds a shell command, so nothing but numbers and words of this file reach it. Not run on hardware yet.
 */
export class NodeLibcameraCamera implements Camera {
  readonly #options: NodeLibcameraOptions;
  #stills: LibcameraStills | undefined;
  #file: FileHandle | undefined;
  /** The picture that is being taken; the program cannot be interrupted. */
  #taking: Promise<Frame> | undefined;
  #sequence = 0;

  constructor(options: NodeLibcameraOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { widthPx, heightPx, scratchFolder, load = loadLibcamera } = this.#options;
    for (const sizePx of [widthPx, heightPx]) {
      if (Number.isSafeInteger(sizePx) && sizePx > 0 && sizePx <= 16_384) continue;
      throw new LinegateError(
        'bad-config',
        `The camera's picture size ${sizePx} is not a whole number of pixels from 1 to 16384.`,
      );
    }
    this.#stills = await load();
    this.#file = await openScratch(scratchFolder);
    try {
      await this.#take(this.#stills, this.#file);
    } catch (cause) {
      await this.stop();
      const message = `The camera took no picture (${messageOf(cause)}): node-libcamera needs the program libcamera-still and a connected camera.`;
      throw new LinegateError('device', message, { cause });
    }
  }

  async capture(_part: PartId, _triggerNs: number, signal: AbortSignal): Promise<Capture> {
    const [stills, file] = [this.#stills, this.#file];
    if (stills === undefined || file === undefined) return noFrame('The camera is not started.');
    if (this.#taking !== undefined) return noFrame('The camera is still busy with the part before.');
    if (signal.aborted) return noFrame('The part was given up before its picture was taken.');
    this.#taking = this.#take(stills, file).finally(() => {
      this.#taking = undefined;
    });
    try {
      return { kind: 'frame', frame: await untilAborted(this.#taking, signal) };
    } catch (error) {
      return noFrame(messageOf(error));
    }
  }

  async stop(): Promise<void> {
    const file = this.#file;
    this.#stills = undefined;
    this.#file = undefined;
    // Closed under a program that still writes, its number could name another file by then.
    if (this.#taking === undefined) await file?.close();
    else void this.#taking.catch(() => undefined).then(() => file?.close());
  }

  async #take(stills: LibcameraStills, file: FileHandle): Promise<Frame> {
    const { widthPx, heightPx, clock } = this.#options;
    await file.truncate(0);
    const output = `/proc/${process.pid}/fd/${file.fd}`;
    const fixed = { nopreview: true, immediate: true, timeout: 1, encoding: 'rgb' };
    await stills.still({ ...fixed, width: widthPx, height: heightPx, output });
    const sensorNs = clock.nowNs();
    const data = Buffer.alloc(widthPx * heightPx * 3);
    const { bytesRead } = await file.read(data, 0, data.length, 0);
    if (bytesRead < data.length) throw new Error(`its picture has ${bytesRead} bytes where ${data.length} were due`);
    const sequence = this.#sequence++;
    return { data, format: 'rgb', widthPx, heightPx, strideBytes: widthPx * 3, sensorNs, clock: 'monotonic', sequence };
  }
}

/** A file without a name, so that it is gone with the process. */
async function openScratch(folder: string): Promise<FileHandle> {
  const path = join(folder, `.still-${process.pid}.rgb`);
  try {
    await mkdir(folder, { recursive: true });
    const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    const file = await open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    await unlink(path);
    return file;
  } catch (cause) {
    const message = `The camera's file ${path} cannot be made (${messageOf(cause)}): make its folder writable.`;
    throw new LinegateError('state-folder', message, { cause });
  }
}

function loadLibcamera(): Promise<LibcameraStills> {
  return importOptional('node-libcamera', 'The camera node-libcamera', 'or use another camera');
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('The part was given up while its picture was being taken.'));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function noFrame(reason: string): Capture {
  return { kind: 'no-frame', reason };
}
