import { cpus, loadavg, release, totalmem } from 'node:os';

/** The computer, and how busy it was when the bench began; figures say little without it. */
export function hostOf(): Record<string, unknown> {
  const all = cpus();
  return {
    load: loadavg().map((load) => Number(load.toFixed(2))),
    cores: all.length,
    model: all[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: release(),
    node: process.version,
  };
}
