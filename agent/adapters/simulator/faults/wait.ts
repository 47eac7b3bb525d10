import type { Clock } from '../../../ports/clock.ts';

/** Waits until `atNs`; resolves with false as soon as `signal` aborts. */
export function waitUntil(clock: Clock, atNs: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onAbort = (): void => {
      cancel();
      resolve(false);
    };
    const cancel = clock.at(atNs, () => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
