import type { AlarmInput } from '../core/alarms/input.ts';
import { DurationHistogram } from '../core/histogram.ts';
import type { LineEvent } from '../ports/line.ts';
import type { LineStatus } from '../ports/status.ts';

/** While the line is out of reach a fault says so; what its ready does meanwhile is not known. */
export function readyInput(on: boolean, why: readonly string[]): Extract<AlarmInput, { kind: 'ready' }> {
  if (on) return { kind: 'ready', state: 'on' };
  return isOutOfReach(why) ? { kind: 'ready', state: 'unknown' } : { kind: 'ready', state: 'off', why };
}

function isOutOfReach(why: readonly string[]): boolean {
  return why.includes('gatekeeper-gone');
}

/** What the line said last of itself, and how late its gates were. */
export class LineBoard {
  readonly #late = new DurationHistogram();
  #ready: Pick<LineStatus, 'ready' | 'why'> = { ready: 'unknown', why: [] };
  #binFull: boolean | null = null;
  #estop: boolean | null = null;
  #encoder: LineStatus['encoder'] = null;

  observe(event: LineEvent): void {
    switch (event.kind) {
      case 'ready':
        this.#ready = { ready: readyInput(event.on, event.why).state, why: event.why };
        break;
      case 'signal':
        if (event.signal === 'bin-full') this.#binFull = event.active;
        else this.#estop = event.active;
        break;
      case 'encoder': {
        const { counts, nsPerCount, losses } = event;
        const countsPerSecond = nsPerCount === null ? 0 : Math.round(1e9 / nsPerCount);
        this.#encoder = { counts, countsPerSecond, losses };
        break;
      }
      case 'gate':
      case 'review-gate':
        this.#late.add(event.lateNs);
        break;
      default:
        break;
    }
  }

  status(): LineStatus {
    const late = this.#late;
    return {
      ...this.#ready,
      binFull: this.#binFull,
      estop: this.#estop,
      encoder: this.#encoder,
      gateLateMs: {
        moves: late.count,
        p50: milliseconds(late.quantile(0.5)),
        p99: milliseconds(late.quantile(0.99)),
        max: milliseconds(late.max),
      },
    };
  }
}

/** To a microsecond. */
function milliseconds(ns: number | null): number | null {
  return ns === null ? null : Math.round(ns / 1e3) / 1e3;
}
