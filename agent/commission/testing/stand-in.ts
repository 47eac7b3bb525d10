import type { Connection, ConnectionHandlers, Dial } from '../../adapters/line/gatekeeper/connection.ts';
import type { RawRecord } from '../../adapters/line/gatekeeper/raw.ts';
import { readRequest, writeRecord } from '../../adapters/line/gatekeeper/testing/wire.ts';
import type { Clock } from '../../ports/clock.ts';

const nonce = 77n;
const holdNs = 200e6;
const inputs = { trigger: 1, confirm: 2, 'part-at-gate': 3 } as const;

/** The gatekeeper as somebody who commissions sees it: its records in the role commission, a held gate, no GPIO. */
export class StandIn {
  readonly digest = 5n;
  /** When the gate was active, in ns. */
  readonly spans: { fromNs: number; toNs: number | null }[] = [];
  /** Told when the gate becomes active. */
  onGate: () => void = () => {};
  busy = false;
  readonly #clock: Clock;
  #handlers: ConnectionHandlers | undefined;
  #sent = 0n;
  #heard = 0n;
  #cancelHold: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly dial: Dial = (handlers): Connection => {
    this.#handlers = handlers;
    this.#sent = 0n;
    this.#heard = 0n;
    queueMicrotask(() => {
      if (this.busy) this.#tell({ kind: 66, code: 1 });
      else this.#tell({ kind: 64, due: this.digest, part: 1n, value: nonce, flag: 1 });
    });
    return { send: (bytes) => this.#take(bytes), close: () => this.#gone() };
  };

  /** An edge, now. */
  edge(input: keyof typeof inputs, active: boolean, counts = 0): void {
    this.#tell({ kind: 70, code: inputs[input], flag: active ? 1 : 0, counts: BigInt(counts) });
  }

  encoder(counts: number, nsPerCount: number, losses = 0): void {
    this.#tell({ kind: 72, counts: BigInt(counts), value: BigInt(nsPerCount), part: BigInt(losses) });
  }

  /** The process dies. */
  die(): void {
    this.#release();
    this.#handlers?.onClosed('it hung up');
  }

  #take(bytes: Uint8Array): void {
    const request = readRequest(bytes);
    this.#heard += 1n;
    if (request.nonce !== nonce || request.number !== this.#heard) throw new Error('a record that is refused');
    if (request.kind === 1) {
      if (request.argument !== 2) throw new Error('another role than commission');
      queueMicrotask(() => this.#tell({ kind: 65, part: 1n }));
    }
    if (request.kind === 6) this.#gone();
    if (request.kind === 7) this.#hold();
  }

  #hold(): void {
    this.#cancelHold();
    const nowNs = this.#clock.nowNs();
    if (this.spans.at(-1)?.toNs !== null) {
      this.spans.push({ fromNs: nowNs, toNs: null });
      this.#tell({ kind: 101, code: 1 });
      this.onGate();
    }
    this.#cancelHold = this.#clock.at(nowNs + holdNs, () => {
      this.#release();
      this.#tell({ kind: 102, code: 1 });
    });
  }

  #release(): void {
    this.#cancelHold();
    const span = this.spans.at(-1);
    if (span !== undefined) span.toNs ??= this.#clock.nowNs();
  }

  #gone(): void {
    this.#release();
    this.#handlers = undefined;
  }

  #tell(fields: Partial<RawRecord> & { kind: number }): void {
    this.#sent += 1n;
    const at = BigInt(this.#clock.nowNs());
    this.#handlers?.onBytes(writeRecord({ at, due: at, ...fields, number: this.#sent }));
  }
}
