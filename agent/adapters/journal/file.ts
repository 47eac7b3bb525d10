import { closeSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { LinegateError, messageOf } from '../../core/errors.ts';
import type { PartId } from '../../core/part-record.ts';
import type { Journal, OpenPart } from '../../ports/journal.ts';
import { JournalParts } from './parts.ts';

/** How a file journal is set up. */
export interface FileJournalOptions {
  readonly path: string;
  /** The kernel's boot id; null where it does not tell, which then counts as a reboot after each death. */
  readonly bootId: string | null;
  /** Hears, once, that the journal cannot be written: a death of the process would now cost the open parts' times. */
  readonly onFault?: (message: string) => void;
}

/** Lines after which the file is written anew with only what is still open. */
const MOST_LINES = 2000;

/**
 * A text file with a line a trigger (`t PART NS`) and a line an acknowledgement (`a PART`), under the boot's id. It is
 * not synced: the page cache outlives the process, and after a power cut the ledger's reserve stands in for it.
 */
export class FileJournal implements Journal {
  readonly #options: FileJournalOptions;
  #parts = new JournalParts();
  #fd: number | null = null;
  #lines = 0;
  /** The file does not hold what it should; the next call writes it anew. */
  #torn = false;
  #faulty = false;

  constructor(options: FileJournalOptions) {
    this.#options = options;
  }

  /** Throws LinegateError 'state-folder' when the file cannot be read or written. */
  open(): { readonly lastPart: PartId; readonly open: readonly OpenPart[] } {
    const { path, bootId } = this.#options;
    try {
      this.#parts = parse(read(path), bootId);
      this.#rewrite();
    } catch (cause) {
      const what = `The journal ${path} cannot be written (${messageOf(cause)})`;
      throw new LinegateError('state-folder', `${what}; give the station's user write access to its folder.`, {
        cause,
      });
    }
    return { lastPart: this.#parts.last, open: this.#parts.open };
  }

  /** Does not throw: a line that runs goes on without a journal, and the fault is told once. */
  triggered(part: PartId, atNs: number): void {
    this.#parts.triggered(part, atNs);
    this.#write(`t ${part} ${atNs}\n`);
  }

  acknowledged(part: PartId): void {
    this.#parts.acknowledged(part);
    this.#write(`a ${part}\n`);
  }

  close(): void {
    if (this.#fd === null) return;
    closeSync(this.#fd);
    this.#fd = null;
  }

  #write(line: string): void {
    if (this.#fd === null) throw new LinegateError('illegal-input', 'The journal is not open.');
    try {
      if (this.#torn || this.#lines >= MOST_LINES) {
        this.#rewrite();
        return;
      }
      this.#torn = true;
      writeAll(this.#fd, line);
      this.#torn = false;
      this.#lines += 1;
    } catch (error) {
      this.#tell(error);
    }
  }

  /** Writes the file beside the old one and puts it in its place, so that one of them is always whole. */
  #rewrite(): void {
    const { path, bootId } = this.#options;
    const { last, open } = this.#parts;
    const lines = [`boot ${bootId}`, `last ${last}`, ...open.map(({ part, atNs }) => `t ${part} ${atNs}`)];
    const fresh = openSync(`${path}.new`, 'w', 0o600);
    try {
      writeAll(fresh, `${lines.join('\n')}\n`);
      renameSync(`${path}.new`, path);
    } catch (error) {
      closeSync(fresh);
      throw error;
    }
    this.close();
    this.#fd = fresh;
    // Counted from here, since the open parts alone may be many.
    this.#lines = 0;
    this.#torn = false;
    this.#faulty = false;
  }

  #tell(error: unknown): void {
    if (this.#faulty) return;
    this.#faulty = true;
    const { path, onFault } = this.#options;
    onFault?.(`The journal ${path} cannot be written (${messageOf(error)}); free some space on its disk.`);
  }
}

/** write(2) may take a part of a line only, on a disk that fills up. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

/** What a journal of this boot says. A last line that was torn, or anything else unreadable, is passed over. */
function parse(text: string, bootId: string | null): JournalParts {
  const parts = new JournalParts();
  const [head, ...lines] = text.split('\n').slice(0, -1);
  if (bootId === null || head !== `boot ${bootId}`) return parts;
  for (const line of lines) {
    const [, kind, part, atNs] = /^(t|a|last) (\d+)(?: (\d+(?:\.\d+)?))?$/.exec(line) ?? [];
    if (kind === 't' && atNs !== undefined) parts.triggered(Number(part), Number(atNs));
    if (kind === 'a') parts.acknowledged(Number(part));
    if (kind === 'last') parts.reached(Number(part));
  }
  return parts;
}
