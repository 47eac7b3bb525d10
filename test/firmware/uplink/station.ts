import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Round } from '../../faults/check.ts';

/** What a board is in the suite. */
export interface FirmwareFiles {
  /** The program linegate-firmware-uplink. */
  readonly program: string;
  readonly flash: string;
  /** A line `SEQ HASH NAME` for each row that the flash took. */
  readonly witness: string;
  /** Of 4 kB each. */
  readonly sectors: number;
}

/** What the firmware's process tells of itself. */
export interface FirmwareState {
  /** Seq of the newest row in its flash. */
  readonly last: number;
  readonly acked: number;
  /** Seq of the oldest row in its flash. */
  readonly first: number;
  readonly connections: number;
  /** Acknowledgements that it could not read. */
  readonly bad: number;
}

const NOTHING: FirmwareState = { last: 0, acked: 0, first: 1, connections: 0, bad: 0 };

/** The firmware's ledger and uplink as a process: sockets and a file in place of Wi-Fi and flash. */
export class FirmwareStation {
  state: FirmwareState = NOTHING;
  stderr = '';
  readonly #child: ChildProcess;
  #line = '';
  readonly ended: Promise<number | null>;

  /** `more`: such as `--parts 200 --rate 50`; see firmware/esp32-tflm/test/uplink/station_main.cc. */
  constructor(round: Round, plant: FirmwareFiles, url: string, more: readonly string[]) {
    const { hostname, port } = new URL(url);
    const files = ['--flash', plant.flash, '--witness', plant.witness, '--sectors', `${plant.sectors}`];
    this.#child = spawn(plant.program, ['--host', hostname, '--port', port, ...files, ...more], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = once(this.#child, 'close').then(() => this.#child.exitCode);
    this.ended.catch(() => undefined);
    round.after(() => this.#child.kill('SIGKILL'));
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** Ends it in good order. Throws when it fails. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.finished();
  }

  /** Waits for its end. Throws when it fails. */
  async finished(): Promise<void> {
    const code = await this.ended;
    if (code !== 0) throw new Error(`the firmware's process ended with ${code}: ${this.stderr.slice(-500)}`);
  }

  #read(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    const last = lines.findLast((line) => line !== '');
    if (last !== undefined) this.state = JSON.parse(last) as FirmwareState;
  }
}
