import { SystemClock } from '../adapters/clock/system.ts';
import { NoWatchdog } from '../adapters/watchdog/none.ts';
import { SystemdWatchdog, systemdEnvironment } from '../adapters/watchdog/systemd.ts';
import { nativeProgram } from '../native/programs-path.ts';
import type { Watchdog } from '../ports/watchdog.ts';
import type { Note } from './wiring.ts';

/** The one who started this process, if it wants to hear of it. */
export function wireWatchdog(note: (note: Note) => void): Watchdog {
  const environment = systemdEnvironment(process.env, process.pid);
  if (environment === undefined) return new NoWatchdog();
  return new SystemdWatchdog({
    clock: new SystemClock(),
    environment,
    relay: [nativeProgram('linegate-gatekeeper'), '--notify'],
    onFault: (message) => note({ level: 'warn', event: 'watchdog', message }),
  });
}
