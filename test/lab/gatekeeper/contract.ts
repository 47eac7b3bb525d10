import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SystemClock } from '../../../agent/adapters/clock/system.ts';
import { type Dial, dialSocket } from '../../../agent/adapters/line/gatekeeper/connection.ts';
import { GatekeeperLine } from '../../../agent/adapters/line/gatekeeper/line.ts';
import { gatekeeperLineSchema } from '../../../agent/config/gatekeeper.ts';
import { confDigest, gatekeeperConf } from '../../../agent/config/gatekeeper-conf.ts';
import { lineContract, type OutlivingRig } from '../../contracts/line.ts';
import { beltContract } from '../../contracts/line-belt.ts';
import { RealBelt } from './belt-rig.ts';

/** The line TRIGGER of the lab's chip. */
const triggerPull = 'sim_gpio27/pull';

/** Ten parts a second at the photo-eye, from a process of its own, which no busy agent holds up. */
const belt = 'while :; do echo pull-up > "$0"; sleep 0.02; echo pull-down > "$0"; sleep 0.08; done';

class RealRig implements OutlivingRig {
  readonly line: GatekeeperLine;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'contract-'));
  readonly #socket = path.join(this.#folder, 'socket');
  readonly #digest: bigint;
  readonly #start: () => ChildProcess;
  #keeper: ChildProcess;
  #belt: ChildProcess | undefined;
  #kill: () => void = () => {};

  constructor(program: string, lateUs: number) {
    const chip = 'lab-header';
    const text = gatekeeperConf({
      station: 'contract',
      line: gatekeeperLineSchema.parse({
        kind: 'gatekeeper',
        socket: this.#socket,
        ring: path.join(this.#folder, 'ring'),
        calibration: 'none',
        lateUs,
        inputs: { trigger: { chip, line: 'TRIGGER', bias: 'pull-down' } },
        outputs: { gate: { chip, line: 'REJECT' }, ready: { chip, line: 'READY' } },
      }),
      calibration: {
        base: 'time',
        encoder: undefined,
        delay: 390e6,
        width: 20e6,
        recovery: 20e6,
        lead: 10e6,
        triggerDead: 10e6,
        failSafe: 'eject',
        tooClose: 'eject-neighbour',
        confirmation: undefined,
        reviewGate: undefined,
      },
    });
    const conf = path.join(this.#folder, 'gatekeeper.conf');
    writeFileSync(conf, text);
    this.#digest = confDigest(text);
    this.#start = () => spawn(program, ['--conf', conf], { stdio: 'inherit' });
    this.#keeper = this.#start();
    this.line = this.next();
  }

  next(): GatekeeperLine {
    const socket = this.#socket;
    let alive = true;
    const dial: Dial = (handlers) => {
      const connection = dialSocket(socket)({
        onBytes: (bytes) => alive && handlers.onBytes(bytes),
        onClosed: (why) => alive && handlers.onClosed(why),
      });
      this.#kill = () => {
        alive = false;
        connection.close();
      };
      return connection;
    };
    return new GatekeeperLine({ clock: new SystemClock(), socket, dial, digest: this.#digest, heartbeatNs: 1e9 });
  }

  async run(ms: number): Promise<void> {
    const pull = path.join(process.env['LAB_PINS'] ?? '', triggerPull);
    this.#belt ??= spawn('bash', ['-c', belt, pull], { stdio: 'inherit' });
    await sleep(ms);
  }

  /** Its heart stops as well: nothing goes out on a connection that is closed. */
  async die(): Promise<void> {
    this.#kill();
    await sleep(1);
  }

  async restart(): Promise<void> {
    await this.#endKeeper('SIGKILL');
    this.#keeper = this.#start();
  }

  async stall(ms: number): Promise<void> {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  }

  async close(): Promise<void> {
    this.#belt?.kill('SIGKILL');
    await this.line.stop();
    const status = await this.#endKeeper('SIGTERM');
    rmSync(this.#folder, { recursive: true });
    assert.equal(status, 0);
  }

  async #endKeeper(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const keeper = this.#keeper;
    if (keeper.exitCode !== null || keeper.signalCode !== null) return keeper.exitCode;
    const ended = once(keeper, 'exit');
    keeper.kill(signal);
    await ended;
    return keeper.exitCode;
  }
}

/**
 * Runs the suite; inside the lab. In real time how late the gate may be is no matter of the contract: the computer may be busy. By
 * the lab's exact clock (../exact.ts) it is never later than a standard gatekeeper allows.
 */
export function runGatekeeperContract(program: string, time: 'real' | 'exact'): void {
  const lateUs = time === 'exact' ? 2000 : 1_000_000;
  lineContract('the real gatekeeper', { kind: 'outlives', make: async () => new RealRig(program, lateUs) });
  beltContract('the real gatekeeper by counts', async () => new RealBelt(program));
}
