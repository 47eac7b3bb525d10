import type { Host } from '../host.ts';
import type { Wants } from '../wants.ts';

/**
 * Whether the output READY is on, as the kernel has it: only root may read that, and nobody could ask the line itself, which
 * the gatekeeper holds. null where it is not known.
 */
export async function readyOf(host: Host, { config }: Wants): Promise<boolean | null> {
  if (config.line.kind !== 'gatekeeper' || config.line.outputs.ready === undefined) return null;
  const { line, activeLevel } = config.line.outputs.ready;
  const rows = ((await host.text('/sys/kernel/debug/gpio')) ?? '').split('\n');
  // " gpio-533 (GPIO22              |linegate-gatekeeper ) out hi"
  const levels = rows.flatMap((row) => {
    const [, name, level] = /\(([^|)]*?)\s*\|linegate[^)]*\) out (hi|lo)/.exec(row) ?? [];
    return name === line ? [level] : [];
  });
  const [level, ...more] = levels;
  if (level === undefined || more.length > 0) return null;
  return (level === 'hi') === (activeLevel === 'high');
}
