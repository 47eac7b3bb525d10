import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LabRound } from './lab.ts';

const onoffVersion = '6.0.3';
/** The file of the folder that names the Node to run it with. */
export const peerNode = 'node-program';

/** Puts the package onoff into a folder of its own, outside the checkout, and returns that; throws when it cannot be had. */
export function installPeers(round: LabRound): string {
  const folder = path.join(round.folder, 'peers');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', `onoff@${onoffVersion}`];
  const { status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', timeout: 120_000 });
  if (status !== 0) throw new Error(`onoff could not be installed: ${stderr.slice(-500)}`);
  writeFileSync(path.join(folder, peerNode), nodeThatLoads(folder));
  return folder;
}

/** The package is compiled for the Node whose headers are here, which need not be ours. */
function nodeThatLoads(folder: string): string {
  const all = spawnSync('which', ['-a', 'node'], { encoding: 'utf8' }).stdout.trim().split('\n');
  const loads = (node: string): boolean => spawnSync(node, ['-e', 'require("onoff")'], { cwd: folder }).status === 0;
  const found = [process.execPath, ...all].find(loads);
  if (found === undefined) throw new Error(`onoff loads in none of ${[process.execPath, ...all].join(', ')}`);
  return found;
}
