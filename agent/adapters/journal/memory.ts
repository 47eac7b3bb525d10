import type { PartId } from '../../core/part-record.ts';
import type { Journal, OpenPart } from '../../ports/journal.ts';
import { JournalParts } from './parts.ts';

/** What outlives a journal in memory, as a file would: hand it to the next one. */
export interface MemoryJournalFile {
  parts: JournalParts;
  bootId: string | null;
}

/** A journal that lives as long as its file object: for simulation and tests. */
export class MemoryJournal implements Journal {
  readonly #file: MemoryJournalFile;
  readonly #bootId: string | null;

  constructor(bootId: string | null, file: MemoryJournalFile = { parts: new JournalParts(), bootId }) {
    this.#bootId = bootId;
    this.#file = file;
  }

  open(): { readonly lastPart: PartId; readonly open: readonly OpenPart[] } {
    const file = this.#file;
    if (file.bootId !== this.#bootId || this.#bootId === null) file.parts = new JournalParts();
    file.bootId = this.#bootId;
    return { lastPart: file.parts.last, open: file.parts.open };
  }

  triggered(part: PartId, atNs: number): void {
    this.#file.parts.triggered(part, atNs);
  }

  acknowledged(part: PartId): void {
    this.#file.parts.acknowledged(part);
  }

  close(): void {}
}
