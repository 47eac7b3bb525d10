import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Cleanup } from './cleanup.ts';

/** Whether Mosquitto is installed. */
export function hasMosquitto(): boolean {
  return spawnSync('mosquitto', ['-h']).error === undefined;
}

/** A Mosquitto of the test's own on loopback; gone when the test ends. */
export class Mosquitto {
  readonly url: string;
  readonly #port: number;
  #process: ChildProcess | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.url = `mqtt://127.0.0.1:${port}`;
  }

  static async start(t: Cleanup): Promise<Mosquitto> {
    const broker = new Mosquitto(await freePort());
    t.after(() => broker.kill());
    await broker.up();
    return broker;
  }

  /** Starts it, also again after `kill`; resolves when it takes connections. */
  async up(): Promise<void> {
    const config = path.join(mkdtempSync(path.join(tmpdir(), 'linegate-mosquitto-')), 'mosquitto.conf');
    writeFileSync(config, `listener ${this.#port} 127.0.0.1\nallow_anonymous true\n`);
    this.#process = spawn('mosquitto', ['-c', config], { stdio: 'ignore' });
    await (await this.client()).endAsync();
  }

  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  }

  /** A client of the test's own; tries for at most ten seconds until the broker answers. */
  async client(): Promise<MqttClient> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await connectAsync(this.url, { reconnectPeriod: 0, connectTimeout: 5_000 });
      } catch (error) {
        if (tries === 100) throw error;
        await setTimeout(100);
      }
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
