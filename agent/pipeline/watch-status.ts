import { DurationHistogram } from '../core/histogram.ts';
import { outcomeOf } from '../core/part-record.ts';
import type { Clock } from '../ports/clock.ts';
import type { DiskUsage } from '../ports/disk.ts';
import type { PartStatus, StationStatus, UplinkStatus } from '../ports/status.ts';
import type { Observation } from './observation.ts';
import type { Watch } from './watch.ts';
import { LineBoard } from './watch-line.ts';

export interface StatusBoardOptions {
  readonly clock: Clock;
  readonly station: string;
  readonly recipe: string;
  readonly software: string;
  readonly watch: Pick<Watch, 'facts' | 'standing' | 'headroom'>;
  /** What the last look at the disk found. */
  readonly disk: () => DiskUsage | null;
  /** How far the receiver has the records; undefined where there is no uplink. */
  readonly uplink: (() => Pick<UplinkStatus, 'backlogRows' | 'lastAckWallMs'>) | undefined;
}

/** Counts what the station does, and puts together how it is for whoever asks. */
export class StatusBoard {
  readonly #options: StatusBoardOptions;
  readonly #startedNs: number;
  readonly #line = new LineBoard();
  readonly #latency = new DurationHistogram();
  readonly #outcomes: Record<string, number> = {};
  readonly #reasons: Record<string, number> = {};
  readonly #findings: Record<string, number> = {};
  #parts = 0;
  #lastPart: number | null = null;

  /** Uptime counts from here. */
  constructor(options: StatusBoardOptions) {
    this.#options = options;
    this.#startedNs = options.clock.nowNs();
  }

  observe(observation: Observation): void {
    if (observation.kind === 'line') this.#line.observe(observation.event);
    if (observation.kind === 'verdict') this.#latency.add(observation.latencyNs);
    if (observation.kind === 'finding') count(this.#findings, observation.finding.kind);
    if (observation.kind !== 'recorded') return;
    const { record } = observation;
    this.#parts += 1;
    // Passes become durable after the rejects that follow them.
    this.#lastPart = Math.max(this.#lastPart ?? 0, record.part);
    count(this.#outcomes, outcomeOf(record));
    if (record.judgement.kind === 'no-verdict') count(this.#reasons, record.judgement.reason);
  }

  status(): StationStatus {
    const { clock, station, recipe, software, watch, disk } = this.#options;
    const { camera, classifier, ledger } = watch.facts;
    const usage = disk();
    return {
      v: 1,
      station,
      recipe,
      software,
      wallMs: clock.wallMs(),
      uptimeMs: Math.round((clock.nowNs() - this.#startedNs) / 1e6),
      classifier: partStatus(classifier),
      camera: partStatus(camera),
      ledger: partStatus(ledger),
      line: this.#line.status(),
      uplink: this.#uplink(),
      sinceStart: {
        parts: this.#parts,
        outcomes: { ...this.#outcomes },
        reasons: { ...this.#reasons },
        findings: { ...this.#findings },
      },
      latencyMs: { p50: milliseconds(this.#latency.quantile(0.5)), p99: milliseconds(this.#latency.quantile(0.99)) },
      headroom: watch.headroom,
      disk: usage && { usedShare: usage.usedShare, freeBytes: usage.freeBytes },
      lastPart: this.#lastPart,
      alarms: watch.standing,
    };
  }

  #uplink(): UplinkStatus {
    const { uplink, watch } = this.#options;
    if (uplink === undefined) return { state: 'none', detail: null, backlogRows: null, lastAckWallMs: null };
    const { ok, why } = watch.facts.uplink;
    const { backlogRows, lastAckWallMs } = uplink();
    return { state: ok ? 'connected' : 'disconnected', detail: ok ? null : why, backlogRows, lastAckWallMs };
  }
}

function partStatus({ ok, why }: { readonly ok: boolean; readonly why: string }): PartStatus {
  return { state: ok ? 'ok' : 'failing', detail: ok ? null : why };
}

function milliseconds(ns: number | null): number | null {
  return ns === null ? null : Math.round(ns / 1e4) / 100;
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
