import type { AlarmInput } from '../core/alarms/input.ts';
import { messageOf } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Disk, DiskUsage } from '../ports/disk.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Pictures } from '../ports/pictures.ts';
import { eventRow } from './rows.ts';

export interface HousekeepingOptions {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly pictures: Pick<Pictures, 'drop'>;
  readonly ledger: Pick<Ledger, 'append'>;
  /**
   * Folds rows of passes into counts, some at a time, and writes down that it did; resolves with how many rows that gave
   * up, 0 when there are none.
   */
  readonly fold: () => Promise<number>;
  /** Shares of the disk in use from which pictures, and then passes, are given up. */
  readonly dropPicturesAt: number;
  readonly foldPassesAt: number;
  readonly whenFull: 'drop' | 'stop-line';
  /** Called once each time the disk becomes full, where that is to stop the line. */
  readonly stopLine: () => void;
  /** Where the alarms hear of the disk. */
  readonly take: (input: AlarmInput) => void;
  /** Something failed; the next look tries again. One sentence. */
  readonly onFault: (message: string) => void;
}

const lookEveryNs = 10e9;
/** From here on, with nothing left to give up, the disk is full. */
const fullAt = 0.98;
/** So much more is freed than must be, so that not each look has to. */
const slack = 0.02;

/** Looks at the disk and gives up what is wanted least: pictures, then rows of passes; then it does as configured. */
export class Housekeeping {
  readonly #options: HousekeepingOptions;
  #usage: DiskUsage | null = null;
  #full = false;
  #stopped = false;
  #cancel: () => void = () => {};
  #looking: Promise<void> = Promise.resolve();

  constructor(options: HousekeepingOptions) {
    this.#options = options;
  }

  /** What the last look found; null before the first. */
  get usage(): DiskUsage | null {
    return this.#usage;
  }

  /** Looks at once, and then again each 10 s; pictures and ledger must be open. */
  start(): void {
    this.#looking = this.#look();
    void this.#looking.then(() => this.#arm());
  }

  /** Resolves when nothing is under way. May be called again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#looking;
  }

  /** Never two looks at once: a slow disk only makes them rarer. */
  #arm(): void {
    if (this.#stopped) return;
    const { clock } = this.#options;
    this.#cancel = clock.at(clock.nowNs() + lookEveryNs, () => this.start());
  }

  async #look(): Promise<void> {
    try {
      const usage = await this.#giveUp(await this.#options.disk.usage());
      this.#usage = usage.after;
      this.#judge(usage.after, usage.gave);
    } catch (error) {
      this.#options.onFault(messageOf(error));
    }
  }

  async #giveUp(before: DiskUsage): Promise<{ after: DiskUsage; gave: boolean }> {
    const { disk, dropPicturesAt, foldPassesAt } = this.#options;
    if (before.usedShare < dropPicturesAt) return { after: before, gave: false };
    const droppedBytes = await this.#dropPictures(before);
    const between = droppedBytes > 0 ? await disk.usage() : before;
    if (between.usedShare < foldPassesAt) return { after: between, gave: true };
    const foldedRows = await this.#options.fold();
    return { after: foldedRows > 0 ? await disk.usage() : between, gave: droppedBytes > 0 || foldedRows > 0 };
  }

  async #dropPictures({ usedShare, totalBytes }: DiskUsage): Promise<number> {
    const { pictures, dropPicturesAt } = this.#options;
    const droppedBytes = await pictures.drop(Math.ceil((usedShare - dropPicturesAt + slack) * totalBytes));
    if (droppedBytes > 0) this.#note('pictures-dropped', { droppedBytes, usedShare });
    return droppedBytes;
  }

  /** `gave`: something was given up, so that the next look may find more room. */
  #judge({ usedShare }: DiskUsage, gave: boolean): void {
    const { whenFull, stopLine, take } = this.#options;
    const full = usedShare >= (this.#full ? fullAt - slack : fullAt) && (this.#full || !gave);
    const changed = full !== this.#full;
    this.#full = full;
    take({ kind: 'disk', usedShare, full });
    if (!changed) return;
    this.#note(full ? 'disk-full' : 'disk-freed', full ? { usedShare, whenFull } : { usedShare });
    if (full && whenFull === 'stop-line') stopLine();
  }

  /** Not awaited: on a full disk the row may have to wait for room. */
  #note(name: string, payload: Readonly<Record<string, unknown>>): void {
    const { clock, ledger, onFault } = this.#options;
    const row = eventRow(name, { nowNs: clock.nowNs(), wallMs: clock.wallMs() }, payload);
    ledger.append(row).catch((error: unknown) => onFault(messageOf(error)));
  }
}
