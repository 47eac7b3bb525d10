import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from '../../../test/support/eventually.ts';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { VirtualClock } from '../clock/virtual.ts';
import { SystemdWatchdog, systemdEnvironment } from './systemd.ts';

/** A watchdog whose relay writes what it is told, and what it was given, into a file. */
function rig(
  t: Parameters<typeof temporaryFolder>[0],
  script = 'echo "$NOTIFY_SOCKET $HOME" >> "$0"; exec cat >> "$0"',
) {
  const file = path.join(temporaryFolder(t), 'told');
  const faults: string[] = [];
  const clock = new VirtualClock();
  const watchdog = new SystemdWatchdog({
    clock,
    environment: { socket: '/run/notify', periodNs: 1e9 },
    relay: ['/bin/sh', '-c', script, file],
    onFault: (message) => faults.push(message),
  });
  const told = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  const hears = (pattern: RegExp): Promise<string> =>
    eventually(() => (pattern.test(told()) ? told() : undefined), String(pattern));
  return { clock, watchdog, faults, told, hears };
}

test('systemd: what it asks for is read from the environment, and only when it is this process’s', () => {
  const socket = '/run/notify';
  assert.equal(systemdEnvironment({}, 7), undefined);
  assert.equal(systemdEnvironment({ NOTIFY_SOCKET: '', WATCHDOG_USEC: '1' }, 7), undefined);
  const periodOf = (more: NodeJS.ProcessEnv): number | undefined =>
    systemdEnvironment({ NOTIFY_SOCKET: socket, ...more }, 7)?.periodNs;
  assert.equal(periodOf({}), undefined);
  assert.equal(periodOf({ WATCHDOG_USEC: '3000000', WATCHDOG_PID: '7' }), 1e9);
  assert.equal(periodOf({ WATCHDOG_USEC: '3000000' }), 1e9);
  assert.equal(periodOf({ WATCHDOG_USEC: '3000000', WATCHDOG_PID: '8' }), undefined);
  for (const us of ['0', '-1', '1e3', 'soon', '99999999999999'])
    assert.equal(periodOf({ WATCHDOG_USEC: us }), undefined);
});

test('systemd: ready, a beat for each period, stopping, in order; the relay gets nothing else of the environment', async (t) => {
  const { clock, watchdog, faults, told, hears } = rig(t);
  watchdog.start();
  watchdog.ready('Inspecting\nwith a recipe.');
  await hears(/READY/);
  let beats = 0;
  await clock.run(() => ++beats > 3);
  watchdog.stopping();
  await hears(/STOPPING/);
  await watchdog.stop();
  const lines = told().split('\n');
  const [given, ...rest] = lines;
  assert.equal(given, '/run/notify ');
  assert.deepEqual(rest.slice(0, 3), ['STATUS=Starting.', 'READY=1', 'STATUS=Inspecting with a recipe.']);
  assert.ok(rest.filter((line) => line === 'WATCHDOG=1').length >= 2, told());
  assert.deepEqual(rest.slice(-3), ['STOPPING=1', 'STATUS=Stopping.', '']);
  assert.deepEqual(faults, []);
});

test('systemd: a relay that died is started again with the next beat, and said', async (t) => {
  const { clock, watchdog, faults, hears } = rig(t, 'read line; echo "told $line" >> "$0"');
  watchdog.start();
  await hears(/told STATUS=Starting/);
  await eventually(() => faults[0], 'the fault');
  assert.match(
    faults[0] ?? '',
    /^\/bin\/sh, which tells systemd how the station is, ended with 0; it is started again\.$/,
  );
  let turns = 0;
  await clock.run(() => ++turns > 2);
  await hears(/told WATCHDOG=1/);
  await watchdog.stop();
  await watchdog.stop();
});

test('systemd: a relay that cannot be started is said and stops nothing', async () => {
  const faults: string[] = [];
  const watchdog = new SystemdWatchdog({
    clock: new VirtualClock(),
    environment: { socket: '/run/notify', periodNs: undefined },
    relay: ['/nonexistent/relay'],
    onFault: (message) => faults.push(message),
  });
  watchdog.start();
  watchdog.ready('.');
  const said = await eventually(() => faults[0], 'the fault');
  assert.match(said, /cannot be started \(spawn \/nonexistent\/relay ENOENT\)/);
  await watchdog.stop();
});
