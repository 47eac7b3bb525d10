import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Check, equals } from '../../faults/check.ts';
import { Cli, linegate } from '../../support/cli.ts';
import { type Bench, refused } from './flashing.ts';
import { openPty } from './pty.ts';

const secrets = ['open sesame', 'hush hush'] as const;
const settings = {
  station: 'cell-7',
  wifi: { ssid: 'hall "7"' },
  mqtt: { host: 'broker.plant', user: 'cell-7', caFile: 'ca.pem' },
  gate: { delayUs: 400_000, widthUs: 50_000, recoveryUs: 20_000, leadUs: 10_000, triggerDeadUs: 100_000 },
};
const environment = { LINEGATE_WIFI_PASSPHRASE: secrets[0], LINEGATE_MQTT_PASSWORD: secrets[1] };
// Of a chain of four certificates.
const pem = `-----BEGIN CERTIFICATE-----\n${'A'.repeat(3500)}\n-----END CERTIFICATE-----\n`;
const CLI_MS = 60_000;

/**
 * `linegate esp provision` and `monitor` over a pseudo-terminal. `console` is the firmware's own provisioning, built for this
 * computer.
 */
export async function consoleChecks(bench: Bench, console: string): Promise<Check[]> {
  return [
    ...(await provisions(bench, console)),
    await failedSelfTest(bench),
    await watchedUnplugged(bench),
    await askedUnplugged(bench),
    await portInUse(bench),
    await noPort(bench),
  ];
}

async function provisions(bench: Bench, console: string): Promise<Check[]> {
  const { port, stream } = await openPty(bench, bench.pty);
  const kept = path.join(bench.folder, 'settings.bin');
  const station = spawn(console, [kept], { stdio: ['pipe', 'pipe', 'inherit'] });
  bench.after(() => void station.kill('SIGKILL'));
  let said = '';
  stream.pipe(station.stdin);
  station.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString();
    stream.write(bytes);
  });
  const file = path.join(bench.folder, 'station.json');
  writeFileSync(file, JSON.stringify(settings));
  writeFileSync(path.join(bench.folder, 'ca.pem'), pem);
  const args = ['esp', 'provision', file, '--port', port];
  const { exitCode, stdout, stderr } = await linegate(bench, args, { env: environment, timeoutMs: CLI_MS });
  const whole = exitCode === 0 && /keeps 17 settings/.test(stdout) && !/misses/.test(stdout);
  const shown = secrets.filter((secret) => `${stdout}${stderr}${said}`.includes(secret));
  return [
    equals(
      'firmware.esp-cli.provision',
      whole ? keptOf(kept) : `${exitCode}: ${stdout}${stderr}`.slice(-300),
      'all kept',
    ),
    equals('firmware.esp-cli.secrets-shown', shown.length, 0),
  ];
}

/** The memory of the firmware's settings, as it would lie in flash. */
function keptOf(file: string): string {
  const bytes = readFileSync(file).toString('latin1');
  const texts = ['cell-7', 'hall "7"', 'broker.plant', ...secrets, pem];
  const missing = texts.filter((text) => !bytes.includes(`${text}\0`));
  return missing.length === 0 ? 'all kept' : `missing: ${missing.map((text) => text.slice(0, 20)).join(', ')}`;
}

async function failedSelfTest(bench: Bench): Promise<Check> {
  const { port, stream } = await openPty(bench, bench.pty);
  const failed = '{"event":"self-test","ok":false,"vectors":4,"passed":3,"arenaUsedBytes":81920,"inferenceUs":54321}';
  const says = setInterval(() => stream.write(`linegate ${failed}\r\n`), 300);
  try {
    const ended = await linegate(bench, ['esp', 'monitor', '--port', port, '--seconds', '4'], { timeoutMs: CLI_MS });
    return refused(
      'firmware.esp-cli.self-test-failed',
      ended,
      /The self-test of the board at .* failed, so READY stays low/,
    );
  } finally {
    clearInterval(says);
  }
}

async function watchedUnplugged(bench: Bench): Promise<Check> {
  const { port, stream, unplug } = await openPty(bench, bench.pty);
  const says = setInterval(() => stream.write('tick\r\n'), 200);
  const watching = new Cli(bench, ['esp', 'monitor', '--port', port, '--seconds', '50'], { timeoutMs: CLI_MS });
  try {
    await watching.says(/tick/);
    unplug();
    return refused('firmware.esp-cli.monitor-unplugged', await watching.ended, /went away/);
  } finally {
    clearInterval(says);
  }
}

/** Unplugged as soon as the first question comes. */
async function askedUnplugged(bench: Bench): Promise<Check> {
  const { port, stream, unplug } = await openPty(bench, bench.pty);
  stream.once('data', unplug);
  const args = ['esp', 'provision', path.join(bench.folder, 'station.json'), '--port', port];
  const ended = await linegate(bench, args, { env: environment, timeoutMs: CLI_MS });
  return refused('firmware.esp-cli.provision-unplugged', ended, /No station answers/);
}

async function portInUse(bench: Bench): Promise<Check> {
  const { port, stream } = await openPty(bench, bench.pty);
  const says = setInterval(() => stream.write('tick\r\n'), 200);
  const first = new Cli(bench, ['esp', 'monitor', '--port', port, '--seconds', '50'], { timeoutMs: CLI_MS });
  try {
    await first.says(/tick/);
    const ended = await linegate(bench, ['esp', 'monitor', '--port', port, '--seconds', '1'], { timeoutMs: CLI_MS });
    return refused('firmware.esp-cli.port-in-use', ended, /is in use: close the program/);
  } finally {
    clearInterval(says);
    first.killGroup('SIGKILL');
  }
}

async function noPort(bench: Bench): Promise<Check> {
  const args = ['esp', 'monitor', '--port', '/dev/linegate-none', '--seconds', '1'];
  return refused(
    'firmware.esp-cli.no-port',
    await linegate(bench, args, { timeoutMs: CLI_MS }),
    /There is no serial port/,
  );
}
