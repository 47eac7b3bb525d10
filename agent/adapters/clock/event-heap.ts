/** Something that is due; ordered by time, then by the order in which it was asked for. */
export interface DueEvent {
  readonly atNs: number;
  readonly order: number;
  /** Undefined once cancelled. */
  action: (() => void) | undefined;
}

/** A binary heap whose first event is the next one due. */
export class EventHeap {
  readonly #events: DueEvent[] = [];

  first(): DueEvent | undefined {
    return this.#events[0];
  }

  push(event: DueEvent): void {
    const events = this.#events;
    let index = events.length;
    events.push(event);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = events[parentIndex];
      if (parent === undefined || !isBefore(event, parent)) break;
      events[index] = parent;
      index = parentIndex;
    }
    events[index] = event;
  }

  /** Takes the first event out. */
  shift(): void {
    const last = this.#events.pop();
    if (last !== undefined && this.#events.length > 0) this.#sink(last);
  }

  /** Puts `event` where the first one was and moves it down to its place. */
  #sink(event: DueEvent): void {
    const events = this.#events;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const leftEvent = events[left];
      if (leftEvent === undefined) break;
      const rightEvent = events[left + 1];
      const useRight = rightEvent !== undefined && isBefore(rightEvent, leftEvent);
      const child = useRight ? rightEvent : leftEvent;
      if (!isBefore(child, event)) break;
      events[index] = child;
      index = useRight ? left + 1 : left;
    }
    events[index] = event;
  }
}

function isBefore(a: DueEvent, b: DueEvent): boolean {
  return a.atNs < b.atNs || (a.atNs === b.atNs && a.order < b.order);
}
