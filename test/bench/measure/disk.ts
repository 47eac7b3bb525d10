import type { Plan } from '../plan.ts';
import { type Check, check, notRun } from '../report.ts';
import type { Role } from '../role.ts';

export const DISK_RATES = [1, 5, 20] as const;

/** Bytes that the kernel counts as written to the disk, a part at an even rate; one station a rate, all at once. */
export async function measureDisk(stations: ReadonlyMap<number, Role>, plan: Plan): Promise<Check[]> {
  return Promise.all(
    [...stations].map(async ([perSecond, station]) => {
      const [id, what] = [`disk-bytes-${perSecond}`, `bytes written to the disk a part at ${perSecond} a second`];
      const count = perSecond * plan.diskSeconds;
      const before = await station.ask({ kind: 'resources' });
      const { rejectEvery } = plan;
      await station.ask({ kind: 'paced', count, perSecond, format: 'nv12', rejectEvery });
      const after = await station.ask({ kind: 'resources' });
      const written = after.writtenBytes - before.writtenBytes;
      if (written === 0)
        return notRun(id, what, 'The kernel counts no bytes written here: give --folder on a real disk.');
      return check({
        id,
        what,
        value: Math.round(written / count),
        details: { parts: count, seconds: plan.diskSeconds },
      });
    }),
  );
}
