import { watch } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LinegateError, messageOf } from '../../core/errors.ts';
import { importOptional } from '../../core/optional-package.ts';
import type { PartId } from '../../core/part-record.ts';
import type { Camera, Capture } from '../../ports/camera.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TriggerSource } from '../../ports/trigger.ts';
import { decodePicture, type Sharp } from './folder-decode.ts';
import { FrameShelf } from './folder-frames.ts';
import { Nap } from './folder-nap.ts';
import { FolderScan, type FoundFile, type Look } from './folder-scan.ts';

export interface FolderCameraOptions {
  readonly clock: Clock;
  readonly folder: string;
  /** Whether pictures that are there at the start are parts too. */
  readonly existing: 'inspect' | 'skip';
  /** What becomes of a picture that was a part. */
  readonly afterwards: 'leave' | 'delete';
  /** At least this long between two triggers, so that the line can tell the parts apart. */
  readonly spacingMs: number;
  /** A file or folder that cannot be used; the line goes on. */
  readonly onFault: (message: string) => void;
  /** How long a file must stand still to be whole; 200 when left out. */
  readonly settleMs?: number;
  /** How often the folder is looked at where its changes are not told, as on a network share; 2,000 when left out. */
  readonly rescanMs?: number;
}

/** Frames whose trigger was told and that nobody took yet. */
const MAX_FRAMES = 4;

/**
 * A camera and trigger in one: each new picture file of a folder is a part. A file is read and decoded before its trigger
 * fires, so the frame is there when it is asked for.
 */
export class FolderCamera implements Camera, TriggerSource {
  readonly #options: FolderCameraOptions;
  readonly #settleNs: number;
  readonly #rescanNs: number;
  readonly #scan: FolderScan;
  readonly #rest: Nap;
  readonly #spacing: Nap;
  readonly #frames = new FrameShelf(MAX_FRAMES);
  #sharp: Sharp | undefined;
  #working: Promise<void> | undefined;
  #stopping = false;
  /** Something was told to have changed since the last look. */
  #changed = false;
  /** It waits for nothing but the next change. */
  #idle = false;
  #folderUsable = true;
  #sequence = 0;
  #lastFiredNs = Number.NEGATIVE_INFINITY;

  constructor(options: FolderCameraOptions) {
    const settleMs = options.settleMs ?? 200;
    this.#options = options;
    this.#settleNs = settleMs * 1e6;
    this.#rescanNs = (options.rescanMs ?? 2000) * 1e6;
    this.#scan = new FolderScan(options.folder, settleMs);
    this.#rest = new Nap(options.clock);
    this.#spacing = new Nap(options.clock);
  }

  /** As a camera it opens the folder; as a trigger, given `fire`, it begins to watch it. */
  async start(fire?: (atNs: number) => void): Promise<void> {
    this.#sharp ??= await this.#open();
    if (fire === undefined || this.#working !== undefined) return;
    this.#stopping = false;
    if (this.#options.existing === 'skip') await this.#scan.skipExisting(this.#options.clock.nowNs());
    this.#working = this.#work(this.#sharp, fire);
  }

  async capture(_part: PartId, triggerNs: number, signal: AbortSignal): Promise<Capture> {
    if (signal.aborted) return { kind: 'no-frame', reason: 'The part was given up before its picture was taken.' };
    const frame = this.#frames.take(triggerNs);
    return frame ? { kind: 'frame', frame } : { kind: 'no-frame', reason: 'No picture belongs to this trigger.' };
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#rest.wake();
    this.#spacing.wake();
    await this.#working;
    this.#working = undefined;
  }

  async #open(): Promise<Sharp> {
    const { folder } = this.#options;
    try {
      await readdir(folder);
    } catch (cause) {
      const message = `The camera's folder ${folder} cannot be read (${messageOf(cause)}): make it or name another one.`;
      throw new LinegateError('bad-config', message, { cause });
    }
    return importOptional<Sharp>('sharp', 'The camera folder', 'or use another camera');
  }

  async #work(sharp: Sharp, fire: (atNs: number) => void): Promise<void> {
    const stopWatching = this.#watch();
    while (!this.#stopping) {
      this.#changed = false;
      const { found, unsettled } = await this.#look();
      for (const file of found) await this.#inspect(sharp, file, fire);
      if (this.#stopping) break;
      this.#idle = !unsettled && !this.#changed;
      await this.#rest.until(this.#options.clock.nowNs() + (this.#idle ? this.#rescanNs : this.#settleNs));
      this.#idle = false;
    }
    stopWatching();
  }

  /** Cuts the wait for the next look short when the system tells of a change; without that the looks come as they come. */
  #watch(): () => void {
    try {
      const watcher = watch(this.#options.folder, () => {
        this.#changed = true;
        // While a file is being written it tells of changes all the time; the looks for it to settle are enough.
        if (this.#idle) this.#rest.wake();
      });
      watcher.on('error', () => watcher.close());
      return () => watcher.close();
    } catch {
      return () => undefined;
    }
  }

  async #look(): Promise<Look> {
    const { clock, folder, onFault } = this.#options;
    try {
      const look = await this.#scan.look(clock.nowNs());
      this.#folderUsable = true;
      return look;
    } catch (error) {
      if (this.#folderUsable)
        onFault(`The camera's folder ${folder} cannot be read (${messageOf(error)}): trying again.`);
      this.#folderUsable = false;
      return { found: [], unsettled: false };
    }
  }

  async #inspect(sharp: Sharp, { name, isFile }: FoundFile, fire: (atNs: number) => void): Promise<void> {
    if (this.#stopping) return;
    const { clock, folder, spacingMs, afterwards, onFault } = this.#options;
    const path = join(folder, name);
    try {
      if (!isFile) throw new LinegateError('bad-image', `${path} is not a plain file: it was left as it is.`);
      const picture = await decodePicture(sharp, path);
      if (this.#stopping) return;
      await this.#spacing.until(this.#lastFiredNs + spacingMs * 1e6);
      if (this.#stopping) return;
      const atNs = clock.nowNs();
      this.#lastFiredNs = atNs;
      this.#frames.put({ ...picture, sensorNs: atNs, clock: 'monotonic', sequence: this.#sequence++ });
      fire(atNs);
      if (afterwards === 'delete') await remove(path);
    } catch (error) {
      onFault(messageOf(error));
    }
  }
}

async function remove(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (cause) {
    const message = `The picture ${path} was inspected and cannot be deleted (${messageOf(cause)}): delete it by hand.`;
    throw new LinegateError('device', message, { cause });
  }
}
