/** Folders of a store in the order in which their pictures are given up; any other folder goes with the first. */
const LEAST_WANTED_FIRST = ['pass', 'no-verdict', 'review', 'reject'];

/** Which pictures a bounded store holds, and which it gives up for a new one. */
export class Shelf {
  readonly #maxBytes: number;
  /** By rank, oldest first: name and size. */
  readonly #ranks: readonly Map<string, number>[] = LEAST_WANTED_FIRST.map(() => new Map());
  #totalBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Counts a picture; one of the same name is replaced. */
  add(name: string, bytes: number): void {
    this.remove(name);
    this.#rankOf(name)?.set(name, bytes);
    this.#totalBytes += bytes;
  }

  remove(name: string): void {
    this.#totalBytes -= this.#rankOf(name)?.get(name) ?? 0;
    this.#rankOf(name)?.delete(name);
  }

  /**
   * The pictures that must go so that `name` fits, oldest first, none of a kind that is wanted more than it is. Undefined
   * when it does not fit even then.
   */
  roomFor(name: string, bytes: number): readonly string[] | undefined {
    const { victims, freedBytes } = this.#victims(this.#totalBytes + bytes - this.#maxBytes, rank(name));
    return this.#totalBytes - freedBytes + bytes <= this.#maxBytes ? victims : undefined;
  }

  /** The pictures that go first, until they hold at least so many bytes; all of them when they hold fewer. */
  leastWanted(bytes: number): readonly string[] {
    return this.#victims(bytes, LEAST_WANTED_FIRST.length - 1).victims;
  }

  #victims(excessBytes: number, highestRank: number): { readonly victims: string[]; readonly freedBytes: number } {
    const victims: string[] = [];
    let freedBytes = 0;
    for (const candidates of this.#ranks.slice(0, highestRank + 1)) {
      for (const [candidate, size] of candidates) {
        if (freedBytes >= excessBytes) return { victims, freedBytes };
        victims.push(candidate);
        freedBytes += size;
      }
    }
    return { victims, freedBytes };
  }

  #rankOf(name: string): Map<string, number> | undefined {
    return this.#ranks[rank(name)];
  }
}

function rank(name: string): number {
  return Math.max(0, LEAST_WANTED_FIRST.indexOf(name.slice(0, Math.max(0, name.indexOf('/')))));
}
