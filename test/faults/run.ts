// Does every fault to a station with its broker and receiver, then audits both ends.
//   npm run faults -- [--short] [--json] [--only NAME] [--except NAME] [--seed N]
// Ends with 0 when all checks hold, 1 when one does not, 3 when one could not run.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Check } from './check.ts';
import { play, report } from './play.ts';
import { scenarios } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    except: { type: 'string' },
    seed: { type: 'string', default: '7' },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const checks: Check[] = [];
for (const scenario of scenarios) {
  const { name } = scenario;
  if (name !== (values.only ?? name) || name === values.except) continue;
  const folder = mkdtempSync(path.join(tmpdir(), `linegate-faults-${name}-`));
  const round = { short: values.short, seed: Number(values.seed), folder, say };
  const timeoutMs = scenario.timeoutMs(values.short);
  checks.push(...(await play({ name, folder, timeoutMs, say, run: ({ after }) => scenario.run({ ...round, after }) })));
}
report(checks, values.json);
