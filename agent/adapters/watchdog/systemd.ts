import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { messageOf } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Watchdog } from '../../ports/watchdog.ts';

/** What systemd gives a service of Type=notify in its environment. */
export interface SystemdEnvironment {
  /** NOTIFY_SOCKET. */
  readonly socket: string;
  /** How often systemd wants to hear of the service, ns; undefined where it does not. */
  readonly periodNs: number | undefined;
}

export interface SystemdOptions {
  readonly clock: Clock;
  readonly environment: SystemdEnvironment;
  /** A command that sends each line of its standard input to systemd: Node has no datagram sockets. */
  readonly relay: readonly [string, ...string[]];
  readonly onFault: (message: string) => void;
}

type Relay = ChildProcessByStdio<Writable, null, null>;

/** The longest wait for the relay to end. */
const goodbyeNs = 1e9;
const mostWaitingBytes = 4096;

/** What systemd asks of the process `pid` by its environment; undefined when systemd did not start it so. */
export function systemdEnvironment(env: NodeJS.ProcessEnv, pid: number): SystemdEnvironment | undefined {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: us = '', WATCHDOG_PID: watched } = env;
  if (socket === undefined || socket === '') return undefined;
  const ours = watched === undefined || watched === String(pid);
  const watchdogUs = ours && /^[1-9]\d{0,12}$/.test(us) ? Number(us) : undefined;
  // Three times as often as must be: a beat may be late, or lost with a relay that died.
  return { socket, periodNs: watchdogUs === undefined ? undefined : (watchdogUs * 1000) / 3 };
}

/**
 * sd_notify through a child process. The beats come from the event loop, so one that is blocked for longer than WatchdogSec=
 * has the service restarted. A relay that died is started again with the next beat.
 */
export class SystemdWatchdog implements Watchdog {
  readonly #options: SystemdOptions;
  #relay: Relay | undefined;
  #ended: Promise<void> = Promise.resolve();
  #cancelBeat: () => void = () => {};

  constructor(options: SystemdOptions) {
    this.#options = options;
  }

  start(): void {
    this.#tell('STATUS=Starting.');
    this.#beatLater();
  }

  ready(text: string): void {
    this.#tell('READY=1', `STATUS=${text.replaceAll(/\s+/g, ' ')}`);
  }

  stopping(): void {
    this.#tell('STOPPING=1', 'STATUS=Stopping.');
  }

  async stop(): Promise<void> {
    this.#cancelBeat();
    const { clock } = this.#options;
    const relay = this.#relay;
    if (relay === undefined) return;
    this.#relay = undefined;
    relay.stdin.end();
    let cancel = (): void => {};
    const late = new Promise<void>((resolve) => {
      cancel = clock.at(clock.nowNs() + goodbyeNs, resolve);
    });
    await Promise.race([this.#ended, late]);
    cancel();
    relay.kill('SIGKILL');
  }

  #beatLater(): void {
    const { clock, environment } = this.#options;
    if (environment.periodNs === undefined) return;
    this.#cancelBeat = clock.at(clock.nowNs() + environment.periodNs, () => {
      this.#tell('WATCHDOG=1');
      this.#beatLater();
    });
  }

  #tell(...lines: readonly string[]): void {
    this.#relay ??= this.#startRelay();
    // A relay that does not read gets no more: then systemd hears nothing, which is what it should know.
    if (this.#relay.stdin.writableLength < mostWaitingBytes) this.#relay.stdin.write(`${lines.join('\n')}\n`);
  }

  #startRelay(): Relay {
    const { relay, environment, onFault } = this.#options;
    const [program, ...rest] = relay;
    const env = { NOTIFY_SOCKET: environment.socket };
    const child = spawn(program, rest, { stdio: ['pipe', 'ignore', 'inherit'], env });
    this.#ended = new Promise((resolve) => {
      const gone = (why: string): void => {
        resolve();
        if (this.#relay !== child) return;
        this.#relay = undefined;
        onFault(`${program}, which tells systemd how the station is, ${why}; it is started again.`);
      };
      child.on('error', (error) => gone(`cannot be started (${messageOf(error)})`));
      child.on('exit', (code, signal) => gone(`ended with ${code ?? signal}`));
    });
    // Why it is broken, the child's end tells.
    child.stdin.on('error', () => {});
    return child;
  }
}
