/** The belt is moved in steps of a quarter of a count, so that parts lie between counts. */
const stepsPerCount = 4;

/** Some 10,000 counts a second: that a belt turns at more than that is not believed. */
export const fastestNsPerStep = 26_000;

/** From photo-eye to the sensor at the gate, and the length of a part, in counts. */
const wayCounts = 105;
const lengthCounts = 8;

/** Something on the belt. */
export interface BeltPart {
  /** Steps behind the part before it. */
  readonly gapSteps: number;
  /** `missed`: the photo-eye never sees it; `taken`: somebody takes it off before it comes to the gate. */
  readonly fate: 'whole' | 'missed' | 'taken';
  /** By how many steps it is late at the gate, once the belt has gone half of the way. */
  readonly slipSteps: number;
}

/** A piece of the belt's way: so many steps, back where they are negative, then so long a stop. */
export interface Stretch {
  readonly steps: number;
  readonly nsPerStep: number;
  readonly stopNs: number;
}

/** A level that a line took. `counts`: where the belt is, by an encoder that loses nothing. */
export interface BeltEdge {
  readonly atNs: number;
  readonly input: 'trigger' | 'part-at-gate' | 'encoder-a' | 'encoder-b';
  readonly active: boolean;
  readonly counts: number;
}

const encoder = [
  ['encoder-b', false],
  ['encoder-a', true],
  ['encoder-b', true],
  ['encoder-a', false],
] as const;

/** Every edge of a belt that goes this way and then on until all parts are behind the gate. */
export function edgesOfBelt(parts: readonly BeltPart[], way: readonly Stretch[], firstSteps: number): BeltEdge[] {
  const belt = new Belt(parts, firstSteps);
  for (const stretch of way) belt.move(stretch);
  belt.move({ steps: belt.stepsToEnd, nsPerStep: fastestNsPerStep, stopNs: 0 });
  return belt.edges;
}

class Belt {
  readonly edges: BeltEdge[] = [];
  readonly #parts: readonly (BeltPart & { readonly place: number })[];
  readonly #levels = { trigger: false, 'part-at-gate': false };
  #steps = 0;
  #furthest = 0;
  #atNs = 1_000_000;

  constructor(parts: readonly BeltPart[], firstSteps: number) {
    let place = firstSteps;
    this.#parts = parts.map((part) => {
      place += part.gapSteps;
      return { ...part, place };
    });
  }

  /** Until nothing can be awaited any more. */
  get stepsToEnd(): number {
    return (this.#parts.at(-1)?.place ?? 0) + 3 * wayCounts * stepsPerCount - this.#steps;
  }

  move({ steps, nsPerStep, stopNs }: Stretch): void {
    for (let step = 0; step < Math.abs(steps); step += 1) {
      this.#atNs += nsPerStep;
      this.#step(Math.sign(steps));
    }
    this.#atNs += stopNs;
  }

  get #counts(): number {
    return Math.floor(this.#steps / stepsPerCount);
  }

  #step(by: number): void {
    const before = this.#counts;
    this.#steps += by;
    this.#furthest = Math.max(this.#furthest, this.#steps);
    if (this.#counts !== before) this.#turn(by > 0 ? this.#counts : before, by > 0);
    this.#see('trigger', this.#isAtEye());
    this.#see('part-at-gate', this.#isAtGate());
  }

  /** The line that changes between two counts, of which this is the higher. */
  #turn(upper: number, forward: boolean): void {
    const [input, level] = encoder[((upper % 4) + 4) % 4] ?? encoder[0];
    this.#tell(input, forward ? level : !level);
  }

  #isAtEye(): boolean {
    return this.#parts.some(({ place, fate }) => fate !== 'missed' && this.#isOver(place));
  }

  #isAtGate(): boolean {
    return this.#parts.some(({ place, fate, slipSteps }) => {
      const halfway = this.#furthest >= place + (wayCounts / 2) * stepsPerCount;
      const late = halfway ? slipSteps : 0;
      return !(fate === 'taken' && halfway) && this.#isOver(place + wayCounts * stepsPerCount + late);
    });
  }

  #isOver(place: number): boolean {
    return this.#steps >= place && this.#steps <= place + lengthCounts * stepsPerCount;
  }

  #see(input: 'trigger' | 'part-at-gate', active: boolean): void {
    if (this.#levels[input] === active) return;
    this.#levels[input] = active;
    this.#tell(input, active);
  }

  #tell(input: BeltEdge['input'], active: boolean): void {
    this.edges.push({ atNs: this.#atNs, input, active, counts: this.#counts });
  }
}
