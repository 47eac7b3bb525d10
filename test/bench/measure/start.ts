import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { LinegateError } from '../../../agent/core/errors.ts';
import { nodeFlags } from '../../support/node-flags.ts';
import { type Check, check } from '../report.ts';
import { nowNs } from '../serve.ts';
import { summaryMs } from '../stats.ts';

const SCRIPT = fileURLToPath(new URL('../start-role.ts', import.meta.url));
const PATIENCE_MS = 30_000;

/** The configuration of a station with a picture that waits for it, and nothing in its state folder yet. */
async function station(folder: string, recipeFolder: string): Promise<string> {
  const place = await mkdtemp(path.join(folder, 'start-'));
  const calibration = { schemaVersion: 1, delayMs: 400, widthMs: 20, recoveryMs: 20, triggerDeadMs: 200 };
  const config = {
    schemaVersion: 1,
    station: 'bench',
    recipe: recipeFolder,
    stateFolder: 'state',
    line: { kind: 'software', trigger: { kind: 'camera' }, gate: { kind: 'none' }, calibration: 'calibration.yaml' },
    camera: { kind: 'folder', path: '.', existing: 'inspect' },
  };
  await writeFile(path.join(place, 'calibration.yaml'), JSON.stringify(calibration));
  await writeFile(path.join(place, 'station.yaml'), JSON.stringify(config));
  const plain = { create: { width: 1280, height: 720, channels: 3, background: '#808080' } } as const;
  await sharp(plain).png().toFile(path.join(place, 'part.png'));
  return path.join(place, 'station.yaml');
}

/** From the start of the process until it has the first verdict, ns. */
async function firstVerdictNs(config: string): Promise<number> {
  const startNs = nowNs();
  const child = spawn(process.execPath, [...nodeFlags(), SCRIPT, config], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      settle();
    };
    const failed = (why: string): void =>
      end(() => reject(new LinegateError('device', `The station ${why}: ${said.slice(-500)}`)));
    const timer = setTimeout(() => failed(`gave no verdict within ${PATIENCE_MS} ms`), PATIENCE_MS);
    child.on('exit', (status) => failed(`ended with status ${status} before its first verdict`));
    child.stdout.once('data', () => end(() => resolve(nowNs() - startNs)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  });
}

/** A start with nothing on the disk yet, and with the model that is given. */
export async function measureStart(recipeFolder: string, folder: string, starts: number): Promise<Check> {
  const ns: number[] = [];
  for (let start = 0; start < starts; start += 1) ns.push(await firstVerdictNs(await station(folder, recipeFolder)));
  const details = summaryMs(ns);
  return check({
    id: 'start-to-verdict',
    what: 'ms from the start of the process to its first verdict',
    value: details.median,
    details,
  });
}
