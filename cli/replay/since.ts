import { LinegateError } from '../../agent/core/errors.ts';

const unitMs: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3 };

/** The wall time that `--since` means, ms since 1970. Throws LinegateError 'bad-argument' for none. */
export function sinceMs(text: string, nowMs: number): number {
  const { count, unit } = /^(?<count>\d{1,6}(?:\.\d+)?)\s?(?<unit>[smhd])$/.exec(text.trim())?.groups ?? {};
  if (unit !== undefined) return nowMs - Number(count) * (unitMs[unit] ?? 0);
  const at = /^\d{4}-\d\d-\d\d/.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN;
  if (Number.isFinite(at)) return at;
  const message = `The option --since is "${text}"; give a span such as 30m, 24h or 7d, or a time such as 2026-01-31T06:00.`;
  throw new LinegateError('bad-argument', message);
}
