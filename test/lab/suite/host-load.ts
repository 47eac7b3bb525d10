import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Time of all processors since the boot, in ticks. */
export interface ProcessorTime {
  readonly idle: number;
  readonly stolen: number;
  readonly all: number;
}

export function stolenNow(): ProcessorTime {
  const [, ...ticks] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/);
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0, stolen = 0] = ticks.map(Number);
  return { idle: idle + wait, stolen, all: user + nice + system + idle + wait + irq + soft + stolen };
}

function shareSince(from: ProcessorTime, of: 'idle' | 'stolen'): number {
  const now = stolenNow();
  return now.all === from.all ? 0 : (now[of] - from[of]) / (now.all - from.all);
}

/** What the host's own host took of its processors meanwhile, in percent. */
export function stealSince(from: ProcessorTime): string {
  return (shareSince(from, 'stolen') * 100).toFixed(1);
}

/** How much of all processors had nothing to do meanwhile, 0 to 1. */
export function idleSince(from: ProcessorTime): number {
  return shareSince(from, 'idle');
}

/** Time of all processors, and what of it this process and its children that have ended took, in ticks. */
export interface Usage {
  readonly all: ProcessorTime;
  readonly own: number;
}

export function usageNow(): Usage {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0);
  return { all: stolenNow(), own };
}

/** How many cores others used since then, what the host's own host took among it. Children that still run are others. */
export function othersSince(from: Usage): number {
  const now = usageNow();
  const all = now.all.all - from.all.all;
  const busy = all - (now.all.idle - from.all.idle);
  return all === 0 ? 0 : ((busy - (now.own - from.own)) / all) * availableParallelism();
}
