/** Runs in the lab: `inside.ts NAME PROGRAMS PEERS short|full SEED` plays one scenario; leaves its progress and checks in LAB_OUT. */
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { messageOf } from '../../../agent/core/errors.ts';
import type { Check } from '../../faults/check.ts';
import { agentDeaths } from './inside/agent-deaths.ts';
import { edges } from './inside/edges.ts';
import { faults } from './inside/faults.ts';
import { keeperDeaths } from './inside/keeper-deaths.ts';
import { lateness } from './inside/lateness.ts';
import { overflow } from './inside/overflow.ts';
import { pulses } from './inside/pulses.ts';
import { socket } from './inside/socket.ts';
import type { Inside } from './inside/world.ts';
import { checksFile, progressFile } from './lab.ts';

const scenarios: Readonly<Record<string, (inside: Inside) => Promise<readonly Check[]>>> = {
  pulses,
  'agent-deaths': agentDeaths,
  'gatekeeper-deaths': keeperDeaths,
  faults,
  socket,
  lateness,
  edges,
  overflow,
};

const [name = '', programs = '', peers = '', length = 'short', seed = '7'] = process.argv.slice(2);
const out = process.env['LAB_OUT'] ?? '.';
const endings: (() => unknown)[] = [];
const inside: Inside = {
  programs,
  peers,
  short: length === 'short',
  seed: Number(seed),
  folder: mkdtempSync(path.join(tmpdir(), 'lab-')),
  say: (line) => appendFileSync(path.join(out, progressFile), `${line}\n`),
  after: (action) => void endings.unshift(action),
};

async function play(): Promise<readonly Check[]> {
  try {
    const scenario = scenarios[name];
    if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
    return await scenario(inside);
  } catch (error) {
    console.log(error instanceof Error ? error.stack : error);
    return [{ id: `${name} in the lab`, value: messageOf(error), limit: 'no fault', ok: false, ran: true }];
  } finally {
    for (const end of endings) await Promise.resolve(end()).catch(() => undefined);
  }
}

const checks = await play();
writeFileSync(path.join(out, checksFile), JSON.stringify(checks));
process.exit();
