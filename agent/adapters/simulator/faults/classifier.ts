import { between } from '../../../core/render/prng.ts';
import type { Classification, Classifier } from '../../../ports/classifier.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { FaultDice } from './plan.ts';
import { waitUntil } from './wait.ts';

/** What goes wrong, and how long a slow answer takes at least. */
export interface FaultyClassifierParts {
  readonly classifier: Classifier;
  readonly dice: FaultDice;
  readonly clock: Clock;
  /** Longer than a part has until its deadline. */
  readonly slowNs: number;
}

const shortestDeathNs = 0.3e9;
const longestDeathNs = 3e9;

/** A classifier that is slow, dead for a while or talks rubbish, as the dice fall. */
export class FaultyClassifier implements Classifier {
  readonly #parts: FaultyClassifierParts;
  #busyUntilNs = 0;
  #deadUntilNs = 0;

  constructor(parts: FaultyClassifierParts) {
    this.#parts = parts;
  }

  start(): Promise<void> {
    return this.#parts.classifier.start();
  }

  async classify(tensor: Uint8Array, signal: AbortSignal): Promise<Classification> {
    const { classifier, clock } = this.#parts;
    const garbage = this.#cast(clock.nowNs());
    if (clock.nowNs() < this.#busyUntilNs) await waitUntil(clock, this.#busyUntilNs, signal);
    if (clock.nowNs() < this.#deadUntilNs) {
      return { kind: 'failed', reason: 'classifier-down', detail: 'The simulated classifier is dead.' };
    }
    const answer = await classifier.classify(tensor, signal);
    return answer.kind === 'scores' && garbage !== undefined ? { ...answer, scores: garbage(answer.scores) } : answer;
  }

  stop(): Promise<void> {
    return this.#parts.classifier.stop();
  }

  /** All dice are cast for every tensor, so that one fault does not move another. */
  #cast(nowNs: number): ((scores: readonly number[]) => number[]) | undefined {
    const { dice, slowNs } = this.#parts;
    const slow = dice.hits('classifier-slow');
    const dead = dice.hits('classifier-dead');
    // One request at a time: those behind a slow one wait as well.
    if (slow) this.#busyUntilNs = nowNs + slowNs * (1 + dice.stream('classifier-slow')());
    if (dead) {
      this.#deadUntilNs = nowNs + between(dice.stream('classifier-dead'), shortestDeathNs, longestDeathNs);
    }
    if (!dice.hits('classifier-garbage')) return undefined;
    const numbers = dice.stream('classifier-garbage')() < 0.5;
    return (scores) => (numbers ? scores.map(() => Number.NaN) : [...scores, 1]);
  }
}
