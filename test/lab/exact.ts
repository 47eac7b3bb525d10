import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onOneProcessor, virtualTimeNodeFlags } from './virtual-time.ts';

const ticking = 'virtual=time-travel;';
const exact = 'virtual=time-travel=inf-cpu;';

/**
 * The lab with a clock that stands still while anything computes. The lab's own virtual time goes on by whole ticks then, so that
 * a gatekeeper with a busy agent beside it looks up to 18 ms late; with this one a bare timer is 0.8 us late. Makes a copy of the
 * program that boots the lab in `folder` and returns its path. Throws when that program no longer says how time goes on.
 */
export function exactLab(lab: string, folder: string): string {
  const text = readFileSync(lab, 'utf8');
  if (!text.includes(ticking)) throw new Error(`${lab} does not set the time as "${ticking}", which is replaced here`);
  mkdirSync(folder);
  for (const name of ['init', 'linux']) symlinkSync(path.join(path.dirname(lab), name), path.join(folder, name));
  const boot = path.join(folder, 'boot');
  writeFileSync(boot, text.replace(ticking, exact));
  chmodSync(boot, 0o755);
  return boot;
}

/** The words that start Node in that lab, before what it is to run; the copy is made in `folder`. */
export function nodeByExactClock(lab: string, folder: string): string[] {
  return onOneProcessor([exactLab(lab, folder), '--virtual-time', process.execPath, ...virtualTimeNodeFlags]);
}
