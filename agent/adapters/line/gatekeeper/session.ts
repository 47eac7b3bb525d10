import { messageOf } from '../../../core/errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Connection, Dial } from './connection.ts';
import { decodeRecord, type Numbered } from './decode.ts';
import { encodeMessage, type Message } from './messages.ts';
import { recordBytes } from './raw.ts';
import type { GateRecord } from './records.ts';

export type Hello = Extract<GateRecord, { kind: 'hello' }>;
type Refused = Extract<GateRecord, { kind: 'refused' }>;

/** Why a session is over. */
export type SessionEnd =
  | { readonly kind: 'closed'; readonly why: string }
  | { readonly kind: 'refused'; readonly reason: Refused['reason'] }
  /** The gatekeeper has read another gatekeeper.conf than this station's. */
  | { readonly kind: 'other-config' }
  | { readonly kind: 'bad-record'; readonly message: string }
  | { readonly kind: 'silent' };

export interface SessionOptions {
  readonly clock: Clock;
  readonly dial: Dial;
  /** That of the gatekeeper.conf which belongs to this station. */
  readonly digest: bigint;
  readonly attach: (hello: Hello) => Extract<Message, { kind: 'attach' }>;
  readonly onAttached: (hello: Hello) => void;
  /** What the gatekeeper tells from then on, with the counts of the record. */
  readonly onRecord: (record: GateRecord, counts: number) => void;
  /** Told once, and last; not after `close`. */
  readonly onEnd: (end: SessionEnd) => void;
}

type State =
  | { readonly kind: 'greeting' }
  | { readonly kind: 'attaching'; readonly hello: Hello }
  | { readonly kind: 'attached'; readonly hello: Hello }
  | { readonly kind: 'over' };

/** The gatekeeper answers at once; one that is stopped or hung does not. */
const answerWithinNs = 2e9;

/** One connection from HELLO to its end: numbers what is sent, checks what comes. */
export class Session {
  readonly #options: SessionOptions;
  #state: State = { kind: 'greeting' };
  #connection: Connection | undefined;
  #sent = 0n;
  #heard = 0n;
  #rest = new Uint8Array(0);
  #cancelWait: () => void = () => {};

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  get isAttached(): boolean {
    return this.#state.kind === 'attached';
  }

  open(): void {
    const { clock, dial } = this.#options;
    this.#cancelWait = clock.at(clock.nowNs() + answerWithinNs, () => this.#end({ kind: 'silent' }));
    this.#connection = dial({
      onBytes: (bytes) => this.#take(bytes),
      onClosed: (why) => this.#end({ kind: 'closed', why }),
    });
  }

  /** Sends at once; comes to nothing where the session is not attached. */
  send(message: Message): void {
    if (this.#state.kind === 'attached') this.#write(message, this.#state.hello.nonce);
  }

  /** Ends it without another word. May be called again. */
  close(): void {
    this.#state = { kind: 'over' };
    this.#cancelWait();
    this.#connection?.close();
  }

  #write(message: Message, nonce: bigint): void {
    this.#sent += 1n;
    this.#connection?.send(encodeMessage(message, this.#sent, nonce));
  }

  #take(bytes: Uint8Array): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let from = 0;
    try {
      for (; from + recordBytes <= all.length && this.#state.kind !== 'over'; from += recordBytes) {
        this.#hear(all.subarray(from, from + recordBytes));
      }
    } finally {
      this.#rest = Uint8Array.from(all.subarray(from));
    }
  }

  #hear(bytes: Uint8Array): void {
    let told: Numbered;
    try {
      told = decodeRecord(bytes);
      this.#heard += 1n;
      if (told.number !== this.#heard) {
        const message = `Record ${this.#heard} of the gatekeeper has the number ${told.number}.`;
        this.#end({ kind: 'bad-record', message });
        return;
      }
    } catch (error) {
      this.#end({ kind: 'bad-record', message: messageOf(error) });
      return;
    }
    const { record, counts } = told;
    if (record.kind === 'refused') this.#end({ kind: 'refused', reason: record.reason });
    else this.#advance(record, counts);
  }

  #advance(record: GateRecord, counts: number): void {
    const state = this.#state;
    switch (state.kind) {
      case 'greeting':
        if (record.kind === 'hello') this.#greeted(record);
        else this.#outOfOrder(record);
        break;
      case 'attaching':
        if (record.kind !== 'attached') {
          this.#outOfOrder(record);
          break;
        }
        this.#state = { kind: 'attached', hello: state.hello };
        this.#cancelWait();
        this.#options.onAttached(state.hello);
        break;
      case 'attached':
        if (record.kind === 'hello' || record.kind === 'attached') this.#outOfOrder(record);
        else this.#options.onRecord(record, counts);
        break;
      case 'over':
        break;
    }
  }

  #greeted(hello: Hello): void {
    const { digest, attach } = this.#options;
    if (hello.digest !== digest) {
      this.#end({ kind: 'other-config' });
      return;
    }
    this.#state = { kind: 'attaching', hello };
    this.#write(attach(hello), hello.nonce);
  }

  #outOfOrder({ kind }: GateRecord): void {
    this.#end({ kind: 'bad-record', message: `The gatekeeper sent "${kind}" while it was ${this.#state.kind}.` });
  }

  #end(end: SessionEnd): void {
    if (this.#state.kind === 'over') return;
    this.close();
    this.#options.onEnd(end);
  }
}
