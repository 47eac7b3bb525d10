import path from 'node:path';
import { clockState } from '../adapters/clock/set-by-network.ts';
import { SystemClock } from '../adapters/clock/system.ts';
import { VirtualClock } from '../adapters/clock/virtual.ts';
import { readBootId } from '../adapters/ledger/boot-id.ts';
import { FaultyStore } from '../adapters/ledger/faulty-store.ts';
import { GroupCommitLedger, type GroupCommitOptions } from '../adapters/ledger/group-commit.ts';
import { HeldStore } from '../adapters/ledger/held-store.ts';
import { MemoryLedgerFile, MemoryStore } from '../adapters/ledger/memory.ts';
import { SqliteLedger } from '../adapters/ledger/sqlite.ts';
import type { LedgerStore } from '../adapters/ledger/store.ts';
import { ThreadStore } from '../adapters/ledger/thread-store.ts';
import { MqttUplink } from '../adapters/uplink/mqtt.ts';
import type { Alarm } from '../core/alarms/alarm.ts';
import type { AlarmInput } from '../core/alarms/input.ts';
import type { MortalLedger } from '../pipeline/restart.ts';
import { Sync, type SyncObservation, type SyncState } from '../pipeline/sync.ts';
import type { Clock } from '../ports/clock.ts';
import type { NewRow } from '../ports/ledger.ts';
import type { Outbox } from '../ports/outbox.ts';
import { type Wiring, within } from './wiring.ts';

/** The ledger's name inside a state folder. */
export const ledgerFile = 'ledger.sqlite';

/** How long a station that ends tries to bring its last records to the receiver; a simulation has more patience. */
const goodbyeMs = 3000;
const simulatedGoodbyeMs = 120_000;
/** A disk that refuses rows must not keep the station from saying goodbye. */
const flushMs = 2000;
const bootOfSimulation = 'simulation';
/** Newest rows that a ledger in memory keeps, and that are never given up on a disk. */
const keepNewest = 4096;
const mostRowsAFold = 2000;

/** Makes the ledger of each life of the agent, with the uplink that brings its rows away. */
export class Records {
  readonly #wiring: Wiring;
  readonly #take: (input: AlarmInput) => void;
  readonly #memory: MemoryLedgerFile;
  #store: FaultyStore | undefined;
  #ledger: GroupCommitLedger | undefined;
  #sync: Sync | undefined;

  /** `take` hears what the ledger and the uplink say of themselves. */
  constructor(wiring: Wiring, take: (input: AlarmInput) => void) {
    this.#wiring = wiring;
    this.#take = take;
    this.#memory = new MemoryLedgerFile(wiring.config.uplink.kind === 'none' ? keepNewest : undefined);
  }

  /** How far the receiver has the rows; undefined without an uplink. */
  get sync(): SyncState | undefined {
    return this.#sync?.state();
  }

  /** Whether the ledger runs on the station's clock, so that its delays are the station's. */
  get onStationClock(): boolean {
    const { clock, options } = this.#wiring;
    return !(clock instanceof VirtualClock) || options.rehearsal !== undefined;
  }

  /** The ledger of one life, to be opened. */
  life(): MortalLedger {
    const ledger = this.#makeLedger();
    const sync = this.#makeSync(ledger);
    return {
      open: async () => {
        const opening = await ledger.open();
        this.#ledger = ledger;
        this.#sync = sync;
        await sync?.start();
        return opening;
      },
      append: (row) => ledger.append(row),
      close: async (timeoutMs) => {
        // What waits for a flush should still go up.
        if (sync !== undefined) await within(flushMs, ledger.flush());
        await sync?.stop(this.#wiring.options.virtualTime === true ? simulatedGoodbyeMs : goodbyeMs);
        await ledger.close(timeoutMs);
      },
      abandon: () => this.#held(Promise.all([sync?.stop(0), ledger.abandon()]).then(() => undefined)),
    };
  }

  /** Adds a row to the ledger of the present life; a dead agent writes nothing. */
  async append(row: NewRow): Promise<number | null> {
    return (await this.#ledger?.append(row)) ?? null;
  }

  /** Gives up some rows of passes; resolves with how many. */
  async fold(): Promise<number> {
    return (await this.#ledger?.fold({ keepNewest, mostRows: mostRowsAFold })) ?? 0;
  }

  setAlarms(alarms: readonly Alarm[]): void {
    this.#sync?.setAlarms(alarms.map(({ id, sentence, sinceWallMs }) => ({ id, sentence, sinceWallMs })));
  }

  /** Simulated faults of the disk. */
  stall(ms: number): void {
    this.#store?.stall(ms);
  }

  fillDisk(ms: number): void {
    this.#store?.fullFor(ms);
  }

  #makeLedger(): GroupCommitLedger {
    const { config, options, clock, at } = this.#wiring;
    const file = path.join(at(config.stateFolder), ledgerFile);
    const { ballastMegabytes, ledgerMegabytes } = config.storage;
    const ballast = { ballastBytes: ballastMegabytes * 1e6, keepNewest };
    const space = ledgerMegabytes === undefined ? ballast : { ...ballast, maxMegabytes: ledgerMegabytes };
    if (options.rehearsal === undefined) {
      return new SqliteLedger(file, this.#commitOptions(new SystemClock(), readBootId()), space);
    }
    const inMemory = options.rehearsal.ledger === 'memory';
    const store = inMemory ? new MemoryStore(this.#memory) : this.#inThread(new ThreadStore(file, space));
    this.#store = new FaultyStore(store, clock);
    const bootId = inMemory ? bootOfSimulation : readBootId();
    return new GroupCommitLedger(this.#store, this.#commitOptions(clock, bootId));
  }

  #inThread(store: LedgerStore): LedgerStore {
    const { clock } = this.#wiring;
    return clock instanceof VirtualClock ? new HeldStore(store, (work) => clock.hold(work)) : store;
  }

  #commitOptions(clock: Clock, bootId: string | null): GroupCommitOptions {
    const { config, options } = this.#wiring;
    return {
      clock,
      bootId,
      flushMs: config.ledger.flushMs,
      onState: (state) => {
        options.note({ level: state.state === 'ok' ? 'info' : 'error', event: 'ledger', ...state });
        this.#take({ kind: 'ledger', ...state });
      },
    };
  }

  #makeSync(outbox: Outbox): Sync | undefined {
    const { config, options, recipe, at } = this.#wiring;
    const { uplink, station } = config;
    if (uplink.kind === 'none') return undefined;
    const clock = new SystemClock();
    const file = (name: string | undefined): string | undefined => (name === undefined ? undefined : at(name));
    const { url, version, username, parts } = uplink;
    const files = {
      passwordFile: file(uplink.passwordFile),
      caFile: file(uplink.caFile),
      certFile: file(uplink.certFile),
      keyFile: file(uplink.keyFile),
    };
    return new Sync({
      outbox,
      uplink: new MqttUplink({ clock, station, url, version, username, ...files }),
      clock,
      parts,
      facts: {
        bootId: readBootId(),
        software: options.software,
        recipe: recipe.id,
        modelDigest: recipe.manifest.model.sha256,
        clockState,
      },
      observe: (observation) => this.#onSync(observation),
    });
  }

  #onSync(observation: SyncObservation): void {
    const { kind, ...said } = observation;
    const level = kind === 'connected' ? 'info' : 'warn';
    this.#wiring.options.note({ level, event: 'uplink', state: kind, ...said });
    if (kind === 'connected') this.#take({ kind: 'uplink', state: 'connected' });
    if (kind === 'disconnected' || kind === 'unanswered') {
      this.#take({ kind: 'uplink', state: kind, reason: observation.reason });
    }
    if (kind === 'conflict' || kind === 'refused') {
      this.#take({ kind: 'uplink', state: 'conflict', detail: observation.detail });
    }
  }

  #held(work: Promise<void>): Promise<void> {
    const { clock } = this.#wiring;
    return clock instanceof VirtualClock ? clock.hold(work) : work;
  }
}
