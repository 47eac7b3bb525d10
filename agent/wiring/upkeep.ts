import { VirtualClock } from '../adapters/clock/virtual.ts';
import { StatfsDisk } from '../adapters/disk/statfs.ts';
import { StatusSocket } from '../adapters/status/socket.ts';
import type { AlarmInput } from '../core/alarms/input.ts';
import { messageOf } from '../core/errors.ts';
import { Housekeeping } from '../pipeline/housekeeping.ts';
import type { Observation } from '../pipeline/observation.ts';
import { Summaries } from '../pipeline/summaries.ts';
import { Watch } from '../pipeline/watch.ts';
import { StatusBoard } from '../pipeline/watch-status.ts';
import type { Pictures } from '../ports/pictures.ts';
import type { ResumeOrder } from '../ports/status.ts';
import { Records } from './records.ts';
import { type Wiring, warn } from './wiring.ts';

/** What upkeep can have done to the line. */
export interface Hands {
  /** The disk is full and the configuration wants the line stopped then. */
  stopLine(): void;
  /** Somebody at the line lets it go on; tells what came of it. */
  resume(order: ResumeOrder): Promise<string>;
}

/** What watches over the station and tells of it: alarms, summaries, status, room on the disk; and its records. */
export class Upkeep {
  readonly records: Records;
  readonly #wiring: Wiring;
  readonly #watch: Watch;
  readonly #summaries: Summaries;
  readonly #board: StatusBoard;
  readonly #housekeeping: Housekeeping;
  readonly #socket: StatusSocket;

  constructor(wiring: Wiring, recipeId: string, pictures: Pictures, hands: Hands) {
    const { config, options, clock, at } = wiring;
    const take = (input: AlarmInput): void => this.take(input);
    const records = new Records(wiring, take);
    const { dropPicturesAt, foldPassesAt, whenFull } = config.storage;
    const folder = at(config.stateFolder);
    this.#wiring = wiring;
    this.records = records;
    this.#watch = new Watch({
      clock,
      ledger: records,
      limits: { ...config.alarms, dropPicturesAt },
      observe: (observation) => this.#onAlarm(observation),
      flushMs: records.onStationClock ? config.ledger.flushMs : null,
    });
    this.#summaries = new Summaries({
      clock,
      ledger: records,
      shifts: config.shifts,
      recipeId,
      onFault: (error) => warn(options, 'summary')(messageOf(error)),
    });
    this.#housekeeping = new Housekeeping({
      clock,
      disk: new StatfsDisk(folder),
      pictures,
      ledger: records,
      fold: () => records.fold(),
      dropPicturesAt,
      foldPassesAt,
      whenFull,
      stopLine: hands.stopLine,
      take,
      onFault: warn(options, 'disk'),
    });
    this.#board = new StatusBoard({
      clock,
      station: config.station,
      recipe: recipeId,
      software: options.software,
      watch: this.#watch,
      disk: () => this.#housekeeping.usage,
      uplink: config.uplink.kind === 'none' ? undefined : () => this.#uplink(),
    });
    this.#socket = new StatusSocket({
      folder,
      status: () => this.#board.status(),
      resume: hands.resume,
      onFault: warn(options, 'status'),
    });
  }

  /** Takes what the pipeline tells. */
  observe(observation: Observation): void {
    this.#watch.observe(observation);
    this.#summaries.observe(observation);
    this.#board.observe(observation);
  }

  /** Takes what a device says of itself. */
  take(input: AlarmInput): void {
    this.#watch.take(input);
  }

  /** Begins once records can be written. */
  async start(): Promise<void> {
    this.#summaries.start();
    this.#watch.start();
    // The disk of a computer has nothing to do with a station whose time jumps.
    if (this.#onRealClock) this.#housekeeping.start();
    if (this.#wiring.options.rehearsal?.ledger !== 'memory') await this.#socket.start();
  }

  async stop(): Promise<void> {
    await this.#socket.stop();
    if (this.#onRealClock) await this.#housekeeping.stop();
    this.#watch.stop();
    this.#summaries.stop();
  }

  get #onRealClock(): boolean {
    return !(this.#wiring.clock instanceof VirtualClock);
  }

  #onAlarm(observation: Observation): void {
    this.records.setAlarms(this.#watch.standing);
    this.#wiring.options.observe(observation);
  }

  #uplink(): { backlogRows: number | null; lastAckWallMs: number | null } {
    const sync = this.records.sync;
    return { backlogRows: sync?.backlogRows ?? null, lastAckWallMs: sync?.lastAckWallMs ?? null };
  }
}
