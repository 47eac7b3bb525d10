import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { connect } from 'node:tls';
import type { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';

function openssl(folder: string, ...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: 20_000 });
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority of the test's own: `NAME.pem` and `NAME.key` in the folder. */
export function authority(folder: string, name: string): void {
  openssl(
    folder,
    'req',
    '-x509',
    ...KEY,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  );
}

/** A certificate for 127.0.0.1 and for the user `name`, signed by that authority; `days` below 0: it has expired. */
export function certificate(folder: string, name: string, signedBy: string, days = 2): void {
  const about = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  openssl(folder, 'req', ...KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, ...about);
  const signed = ['-CA', `${signedBy}.pem`, '-CAkey', `${signedBy}.key`, '-CAcreateserial', '-copy_extensions', 'copy'];
  openssl(folder, 'x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.pem`, '-days', `${days}`);
}

/** A Mosquitto with TLS on loopback that listens to these lines of configuration; gone when the test ends. */
export async function secureBroker(t: Cleanup, folder: string, server: string, lines: string[]): Promise<string> {
  const port = await freePort();
  const tls = [`certfile ${folder}/${server}.pem`, `keyfile ${folder}/${server}.key`];
  writeFileSync(path.join(folder, `${server}.conf`), [`listener ${port} 127.0.0.1`, ...tls, ...lines, ''].join('\n'));
  // Started by root it becomes a user of its own.
  chmodSync(folder, 0o755);
  for (const file of readdirSync(folder, { withFileTypes: true })) {
    if (file.isFile()) chmodSync(path.join(folder, file.name), 0o644);
  }
  const broker = spawn('mosquitto', ['-c', path.join(folder, `${server}.conf`)], { stdio: 'ignore' });
  t.after(() => end(broker));
  await eventually(() => listens(port), 'a broker that takes connections');
  return `mqtts://127.0.0.1:${port}`;
}

async function end(broker: ChildProcess): Promise<void> {
  if (broker.exitCode !== null) return;
  broker.kill('SIGKILL');
  await once(broker, 'exit');
}

function listens(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.on('error', () => resolve(undefined));
    socket.on('secureConnect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
