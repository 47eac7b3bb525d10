import type { Camera } from '../ports/camera.ts';
import type { Classifier } from '../ports/classifier.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';

/** A clock whose time stands still while real work is held. */
export interface HoldingClock extends Clock {
  hold<T>(work: Promise<T>): Promise<T>;
}

/** In virtual time a verdict takes this long, whatever the real model took. */
const virtualInferenceNs = 5e6;

/** Rows that may wait for the real disk before virtual time waits for it too. */
const rowsAhead = 256;

/** The camera, with virtual time standing still while it works. */
export function holdCamera(camera: Camera, clock: HoldingClock): Camera {
  return {
    start: () => camera.start(),
    capture: (part, triggerNs, signal) => clock.hold(camera.capture(part, triggerNs, signal)),
    stop: () => camera.stop(),
  };
}

/** The classifier, taking a fixed virtual time. */
export function holdClassifier(classifier: Classifier, clock: HoldingClock): Classifier {
  return {
    start: () => classifier.start(),
    async classify(tensor, signal) {
      const answer = await clock.hold(classifier.classify(tensor, signal));
      await new Promise<void>((resolve) => void clock.at(clock.nowNs() + virtualInferenceNs, resolve));
      return answer;
    },
    stop: () => classifier.stop(),
  };
}

/** The ledger, with virtual time waiting for the disk once many rows do. */
export function holdLedger(ledger: Ledger, clock: HoldingClock): Ledger {
  let waiting = 0;
  return {
    open: () => ledger.open(),
    async append(row) {
      waiting += 1;
      try {
        const appended = ledger.append(row);
        return await (waiting > rowsAhead ? clock.hold(appended) : appended);
      } finally {
        waiting -= 1;
      }
    },
    close: (timeoutMs) => ledger.close(timeoutMs),
  };
}
