import type { Watchdog } from '../../ports/watchdog.ts';

/** Started by hand: there is nobody to tell. */
export class NoWatchdog implements Watchdog {
  start(): void {}
  ready(): void {}
  stopping(): void {}
  async stop(): Promise<void> {}
}
