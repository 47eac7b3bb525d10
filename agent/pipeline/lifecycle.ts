/** Starts things and stops in reverse order what was started, also when a start in between failed. */
export class Lifecycle {
  readonly #stops: (() => Promise<void>)[] = [];

  /** Starts something that `stop` will end, also when the start itself fails half-way. */
  async open<T>(start: () => Promise<T>, stop: () => Promise<void>): Promise<T> {
    this.#stops.unshift(stop);
    return await start();
  }

  /** Stops everything; goes on when one of them fails, and throws the first failure at the end. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const stop of this.#stops.splice(0)) {
      await stop().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** Waits for what starts side by side. When some fail, throws the first failure once none is starting any more, so that all can be stopped. */
export async function allStarted(starting: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(starting);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
