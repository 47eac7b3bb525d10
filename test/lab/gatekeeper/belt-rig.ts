import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SystemClock } from '../../../agent/adapters/clock/system.ts';
import { dialSocket } from '../../../agent/adapters/line/gatekeeper/connection.ts';
import { GatekeeperLine } from '../../../agent/adapters/line/gatekeeper/line.ts';
import { gatekeeperLineSchema } from '../../../agent/config/gatekeeper.ts';
import { confDigest, gatekeeperConf } from '../../../agent/config/gatekeeper-conf.ts';
import { type BeltRig, beltCalibration } from '../../contracts/line-belt.ts';
import { drive, type Pin } from './pins.ts';

/** The simulated chip interrupts at the kernel's next tick: two edges of a line within one would be none. */
const edgeMs = 3;

/** The real gatekeeper on a belt of the lab's lines; the sensor at the gate is on the line BIN_FULL. */
export class RealBelt implements BeltRig {
  readonly line: GatekeeperLine;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'belt-'));
  readonly #start: () => ChildProcess;
  #keeper: ChildProcess;
  readonly #levels = { encoderA: false, encoderB: false };

  constructor(program: string) {
    const chip = 'lab-header';
    const socket = path.join(this.#folder, 'socket');
    const text = gatekeeperConf({
      station: 'belt',
      line: gatekeeperLineSchema.parse({
        kind: 'gatekeeper',
        socket,
        ring: path.join(this.#folder, 'ring'),
        calibration: 'none',
        lateUs: 1_000_000,
        inputs: {
          trigger: { chip, line: 'TRIGGER' },
          encoderA: { chip, line: 'ENCODER' },
          encoderB: { chip, line: 'ENCODER_B' },
          partAtGate: { chip, line: 'BIN_FULL' },
        },
        outputs: { gate: { chip, line: 'REJECT' }, ready: { chip, line: 'READY' } },
      }),
      calibration: {
        ...beltCalibration,
        base: 'encoder',
        encoder: 'quadrature',
        failSafe: 'eject',
        tooClose: 'eject-neighbour',
        confirmation: undefined,
        reviewGate: undefined,
      },
    });
    const conf = path.join(this.#folder, 'gatekeeper.conf');
    writeFileSync(conf, text);
    this.#start = () => spawn(program, ['--conf', conf], { stdio: 'inherit' });
    for (const pin of ['encoderA', 'encoderB', 'trigger', 'atGate'] as const) drive(pin, false);
    this.#keeper = this.#start();
    const options = { clock: new SystemClock(), socket, dial: dialSocket(socket), digest: confDigest(text) };
    this.line = new GatekeeperLine({ ...options, heartbeatNs: 1e9, base: 'encoder' });
  }

  /** A before B is forward. */
  async move(counts: number): Promise<void> {
    for (let count = 0; count < Math.abs(counts); count += 1) {
      const { encoderA, encoderB } = this.#levels;
      const pin = (encoderA === encoderB) === counts > 0 ? 'encoderA' : 'encoderB';
      this.#levels[pin] = !this.#levels[pin];
      await this.#set(pin, this.#levels[pin]);
    }
  }

  async partAtEye(): Promise<void> {
    await this.#set('trigger', true);
    await this.#set('trigger', false);
  }

  async partAtGate(): Promise<void> {
    await this.#set('atGate', true);
    await this.#set('atGate', false);
  }

  async restart(): Promise<void> {
    await this.#end('SIGKILL');
    this.#keeper = this.#start();
  }

  async pause(): Promise<void> {}

  async close(): Promise<void> {
    await this.line.stop();
    await this.#end('SIGTERM');
    rmSync(this.#folder, { recursive: true });
  }

  async #set(pin: Pin, high: boolean): Promise<void> {
    drive(pin, high);
    await sleep(edgeMs);
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ended = once(this.#keeper, 'exit');
    this.#keeper.kill(signal);
    await ended;
  }
}
