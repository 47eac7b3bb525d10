import { type Dial, dialSocket } from '../adapters/line/gatekeeper/connection.ts';
import { endError } from '../adapters/line/gatekeeper/ends.ts';
import type { GateRecord } from '../adapters/line/gatekeeper/records.ts';
import { Session } from '../adapters/line/gatekeeper/session.ts';
import type { LinegateError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';

export interface LinkOptions {
  readonly clock: Clock;
  /** For what is said to people, and to dial when `dial` is left out. */
  readonly socket: string;
  readonly digest: bigint;
  readonly dial?: Dial;
  readonly onRecord: (record: GateRecord) => void;
  /** The gatekeeper is gone; told once, and not after `close`. */
  readonly onLost: (error: LinegateError) => void;
}

const beatNs = 200e6;

/** The gatekeeper, for somebody who commissions: no part is opened meanwhile, and ready stays off. */
export class Link {
  readonly #options: LinkOptions;
  #session: Session | undefined;
  #cancelBeat: () => void = () => {};

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** Rejects with a LinegateError 'device' or 'bad-config', as when an agent is attached. */
  open(): Promise<void> {
    const { clock, socket, digest, onRecord, onLost } = this.#options;
    return new Promise((resolve, reject) => {
      let opened = false;
      this.#session = new Session({
        clock,
        dial: this.#options.dial ?? dialSocket(socket),
        digest,
        attach: () => ({ kind: 'attach', role: 'commission' }),
        onAttached: () => {
          opened = true;
          this.#beat();
          resolve();
        },
        onRecord,
        onEnd: (end) => {
          this.#cancelBeat();
          const error = endError(end, socket, 1);
          if (opened) onLost(error);
          else reject(error);
        },
      });
      this.#session.open();
    });
  }

  holdGate(gate: 1 | 2): void {
    this.#session?.send({ kind: 'hold-gate', gate });
  }

  /** A held gate falls at once. May be called again. */
  close(): void {
    this.#cancelBeat();
    this.#session?.send({ kind: 'detach' });
    this.#session?.close();
  }

  /** The gatekeeper looks at its encoder whenever something comes, so that the last counts of a belt that stops are told. */
  #beat(): void {
    const { clock } = this.#options;
    this.#session?.send({ kind: 'heartbeat' });
    this.#cancelBeat = clock.at(clock.nowNs() + beatNs, () => this.#beat());
  }
}
