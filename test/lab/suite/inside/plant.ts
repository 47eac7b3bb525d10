import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connected } from '../../../../agent/native/gatekeeper/testing/client.ts';
import { type KeeperProcess, startKeeper } from '../../../../agent/native/gatekeeper/testing/keeper-process.ts';
import { Cli, checkout } from '../../../support/cli.ts';
import { levelOf } from '../../gatekeeper/pins.ts';
import { virtualTimeNodeFlags } from '../../virtual-time.ts';
import { inputs, outputs } from './rig.ts';
import type { Inside } from './world.ts';

/**
 * Several parts are between photo-eye and gate at any time. The pulses are long: the lab's kernel cannot be preempted, and a
 * Node that starts another process holds it up for tens of milliseconds.
 */
export const travel = { delayMs: 1500, widthMs: 120, recoveryMs: 30, leadMs: 50, triggerDeadMs: 10 } as const;
/** The least time between two parts: the gate can tell them apart, also when it is somewhat late. */
export const leastApartMs = 240;

/** Until an agent has started and ready is on. By the lab's ordinary clock a host that has no processor to spare makes it long. */
export const startMs = 150_000;

export interface PlantOptions {
  readonly camera?: object;
  readonly station?: object;
}

/** A whole station in the lab: the gatekeeper, and the agent with its real ledger and model. */
export class Plant {
  readonly state: string;
  readonly socket: string;
  readonly agents: Cli[] = [];
  readonly #conf: string;
  readonly #station: string;
  readonly #inside: Inside;

  constructor(inside: Inside, options: PlantOptions = {}) {
    this.#inside = inside;
    const { folder } = inside;
    this.state = path.join(folder, 'state');
    this.socket = path.join(folder, 'socket');
    this.#station = path.join(folder, 'station.yaml');
    this.#conf = path.join(folder, 'gatekeeper.conf');
    const ring = path.join(folder, 'ring');
    const line = { kind: 'gatekeeper', socket: this.socket, ring, calibration: 'calibration.yaml' };
    const common = { schemaVersion: 1, station: 'lab', recipe: 'machined-ring', stateFolder: 'state' };
    const station = {
      ...common,
      line: { ...line, inputs, outputs, lateUs: 1_000_000 },
      camera: options.camera ?? { kind: 'simulator' },
      pictures: { keep: 'none' },
      log: { level: 'debug' },
      ...options.station,
    };
    mkdirSync(this.state, { recursive: true });
    writeFileSync(this.#station, JSON.stringify(station));
    writeFileSync(path.join(folder, 'calibration.yaml'), JSON.stringify({ schemaVersion: 1, ...travel }));
    const made = spawnSync(process.execPath, [
      path.join(checkout, 'cli/linegate.ts'),
      ...['gatekeeper-conf', '--station', this.#station, '--out', this.#conf],
    ]);
    if (made.status !== 0) throw new Error(`no gatekeeper.conf: ${made.stderr}`);
  }

  /** Starts the gatekeeper; it may not answer yet. */
  keeper(): KeeperProcess {
    const keeper = startKeeper(path.join(this.#inside.programs, 'linegate-gatekeeper'), ['--conf', this.#conf]);
    this.#inside.after(() => keeper.child.kill('SIGKILL'));
    return keeper;
  }

  /** Starts the gatekeeper and waits until it answers; there must be no agent. */
  async keeperUp(): Promise<KeeperProcess> {
    const keeper = this.keeper();
    await (await connected(this.socket)).close();
    return keeper;
  }

  /** Starts an agent. SIGUSR2 blocks its event loop. */
  agent(): Cli {
    const blockable = path.join(import.meta.dirname, 'blockable.ts');
    const env = {
      NODE_OPTIONS: `--no-warnings --import=${blockable}`,
      NODE_COMPILE_CACHE: path.join(this.#inside.programs, 'cache'),
      PATH: `${this.#inside.programs}:${process.env['PATH'] ?? ''}`,
    };
    const cli = new Cli(this.#inside, ['run', '--config', this.#station], {
      env,
      nodeFlags: virtualTimeNodeFlags,
      timeoutMs: 3_600_000,
    });
    this.agents.push(cli);
    return cli;
  }

  /** Ends the agent in good order once all that was on the belt is over. Returns its exit status. */
  async finish(agent: Cli): Promise<number | null> {
    await sleep(travel.delayMs + travel.widthMs + 1500);
    agent.kill('SIGTERM');
    return (await agent.ended).exitCode;
  }
}

/** Waits until ready is so; throws when that takes too long. It looks seldom: each look costs the lab's kernel dear. */
export async function readyIs(on: boolean, limitMs: number, agent?: Cli): Promise<void> {
  for (const end = performance.now() + limitMs; performance.now() < end; await sleep(20)) {
    if (levelOf('ready') === on) return;
  }
  throw new Error(`ready was not ${on ? 'on' : 'off'} after ${limitMs} ms; ${agent?.stderr.slice(-1500) ?? ''}`);
}
