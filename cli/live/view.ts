import type { WriteStream } from 'node:tty';
import type { DurationHistogram } from '../../agent/core/histogram.ts';
import type { RunningStation } from '../../agent/main.ts';
import type { Observation } from '../../agent/pipeline/observation.ts';
import { draw } from './draw.ts';
import { LiveModel } from './model.ts';
import { Screen } from './screen.ts';

const redrawMs = 80;
const rejectsShown = 6;

/** The moving line on a terminal. */
export class LiveView {
  readonly #model = new LiveModel(rejectsShown);
  readonly #latency: DurationHistogram;
  readonly #screen: Screen;
  #timer: NodeJS.Timeout | undefined;
  #draw: () => void = () => {};

  constructor(out: WriteStream, latency: DurationHistogram) {
    this.#screen = new Screen(out);
    this.#latency = latency;
  }

  observe(observation: Observation): void {
    this.#model.observe(observation);
  }

  start(station: RunningStation): void {
    const startedNs = station.clock.nowNs();
    const travelNs = station.simulation?.travelNs ?? 1e9;
    this.#draw = () => {
      const scene = {
        title: `  linegate   recipe ${station.recipeId}   simulated line`,
        nowNs: station.clock.nowNs(),
        travelNs,
        widthColumns: this.#screen.columns,
        latency: { p50Ms: this.#quantileMs(0.5), p99Ms: this.#quantileMs(0.99) },
        startedNs,
      };
      this.#screen.show(draw(this.#model, scene));
    };
    this.#timer = setInterval(this.#draw, redrawMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#draw();
    this.#screen.close();
  }

  #quantileMs(q: number): number | null {
    const ns = this.#latency.quantile(q);
    return ns === null ? null : ns / 1e6;
  }
}
