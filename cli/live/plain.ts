import type { StationConfig } from '../../agent/config/station.ts';
import type { Observation } from '../../agent/pipeline/observation.ts';
import { LiveModel } from './model.ts';

/** A line of text now and then, for a pipe or a log. */
export class PlainView {
  readonly #model = new LiveModel(0);
  readonly #out: NodeJS.WritableStream;
  readonly #every: number;
  readonly #total: string;

  constructor(out: NodeJS.WritableStream, config: StationConfig) {
    const parts = config.line.kind === 'simulator' ? config.line.parts : 0;
    this.#out = out;
    this.#every = parts === 0 ? 100 : Math.max(1, Math.floor(parts / 10));
    this.#total = parts === 0 ? '' : ` of ${parts}`;
  }

  observe(observation: Observation): void {
    this.#model.observe(observation);
    this.#model.parts.clear();
    if (observation.kind !== 'recorded' || this.#model.recorded % this.#every !== 0) return;
    const { recorded, outcomes } = this.#model;
    const { pass, reject, review } = outcomes;
    const counts = `${pass} pass, ${reject} reject, ${review} review, ${outcomes['no-verdict']} without a verdict`;
    this.#out.write(`${recorded}${this.#total} parts: ${counts}\n`);
  }

  start(): void {}

  stop(): void {}
}
