import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { SystemClock } from '../../../../agent/adapters/clock/system.ts';
import { dialSocket } from '../../../../agent/adapters/line/gatekeeper/connection.ts';
import { GatekeeperLine } from '../../../../agent/adapters/line/gatekeeper/line.ts';
import type { Calibration } from '../../../../agent/config/calibration.ts';
import { gatekeeperLineSchema } from '../../../../agent/config/gatekeeper.ts';
import { confDigest, gatekeeperConf } from '../../../../agent/config/gatekeeper-conf.ts';
import { connected } from '../../../../agent/native/gatekeeper/testing/client.ts';
import { type KeeperProcess, startKeeper } from '../../../../agent/native/gatekeeper/testing/keeper-process.ts';
import type { Inside } from './world.ts';

/** A belt of 400 ms from photo-eye to gate. Parts 45 ms apart are apart enough. */
export const timing = { delayNs: 400e6, widthNs: 20e6, recoveryNs: 10e6, leadNs: 20e6, deadNs: 5e6 } as const;

export const timed: Calibration = {
  base: 'time',
  encoder: undefined,
  delay: timing.delayNs,
  width: timing.widthNs,
  recovery: timing.recoveryNs,
  lead: timing.leadNs,
  triggerDead: timing.deadNs,
  failSafe: 'eject',
  tooClose: 'eject-neighbour',
  confirmation: undefined,
  reviewGate: undefined,
};

const chip = 'lab-header';
export const inputs = { trigger: { chip, line: 'TRIGGER', bias: 'pull-down' } };
export const outputs = { gate: { chip, line: 'REJECT' }, ready: { chip, line: 'READY' } };

export interface RigOptions {
  readonly inputs?: object;
  readonly calibration?: Calibration;
  readonly lateUs?: number;
}

/** The real gatekeeper on the lab's lines. */
export class Rig {
  readonly socket: string;
  readonly #digest: bigint;
  readonly #conf: string;
  readonly #program: string;
  readonly #inside: Inside;
  readonly #base: Calibration['base'];

  constructor(inside: Inside, options: RigOptions = {}) {
    this.#inside = inside;
    this.#program = path.join(inside.programs, 'linegate-gatekeeper');
    this.socket = path.join(inside.folder, 'socket');
    this.#conf = path.join(inside.folder, 'gatekeeper.conf');
    const line = gatekeeperLineSchema.parse({
      kind: 'gatekeeper',
      socket: this.socket,
      ring: path.join(inside.folder, 'ring'),
      calibration: 'none',
      inputs: { ...inputs, ...options.inputs },
      outputs,
      lateUs: options.lateUs ?? 1_000_000,
    });
    const calibration = options.calibration ?? timed;
    this.#base = calibration.base;
    const text = gatekeeperConf({ station: 'lab', line, calibration });
    writeFileSync(this.#conf, text);
    this.#digest = confDigest(text);
  }

  /** Starts it and waits until it answers. */
  async start(): Promise<KeeperProcess> {
    const keeper = startKeeper(this.#program, ['--conf', this.#conf]);
    this.#inside.after(() => keeper.child.kill('SIGKILL'));
    await (await connected(this.socket)).close();
    return keeper;
  }

  /** An agent's end that has not been started. */
  line(): GatekeeperLine {
    const { socket } = this;
    const line = new GatekeeperLine({
      clock: new SystemClock(),
      socket,
      dial: dialSocket(socket),
      digest: this.#digest,
      heartbeatNs: 1e9,
      base: this.#base,
    });
    this.#inside.after(() => line.stop());
    return line;
  }
}
