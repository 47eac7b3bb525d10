import type { Plan } from '../plan.ts';
import { type Check, check } from '../report.ts';
import type { Role } from '../role.ts';
import { rounded } from '../stats.ts';

const MB = 1e6;

/** Memory of the station after many parts over that after few; a dense line, a tiny model, the real ledger thread. */
export async function measureMemory(id: string, station: Role, { memoryParts: [few, many] }: Plan): Promise<Check> {
  await station.ask({ kind: 'flat-out', parts: few });
  const before = await station.ask({ kind: 'resources' });
  const { partsPerSecond } = await station.ask({ kind: 'flat-out', parts: many - few }, 300_000);
  const after = await station.ask({ kind: 'resources' });
  const whole = ({ rssBytes, childRssBytes }: typeof before) => rssBytes + childRssBytes;
  const limit = id === 'rss-growth' ? Math.max(20, rounded((0.1 * whole(before)) / MB, 1)) : null;
  return check({
    id,
    what: `MB more after ${many} parts than after ${few}`,
    value: rounded((whole(after) - whole(before)) / MB, 1),
    limit,
    details: {
      'agent MB': [before, after].map(({ rssBytes }) => rounded(rssBytes / MB, 1)),
      'model process MB': [before, after].map(({ childRssBytes }) => rounded(childRssBytes / MB, 1)),
      'parts a second': Math.round(partsPerSecond),
    },
  });
}
