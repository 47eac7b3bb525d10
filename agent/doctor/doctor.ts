import { messageOf } from '../core/errors.ts';
import { allChecks } from './checks/all.ts';
import { type Finding, notRun, type Outcome } from './finding.ts';
import { type Check, type Look, makeLook, type Tools } from './look.ts';

/** Longer than the slowest check may take by itself: whoever is not done by then is told about, not waited for. */
const longestCheckMs = 30_000;

/** The names of all checks, in the order in which they run. */
export const checkIds: readonly string[] = allChecks.map(({ id }) => id);

/** Runs the checks, or the one of the given name, one after another: measurements must not disturb each other. */
export async function examine(
  tools: Tools,
  only?: string,
  tell: (finding: Finding) => void = () => {},
): Promise<Finding[]> {
  const look = makeLook(tools);
  const findings: Finding[] = [];
  for (const check of allChecks.filter(({ id }) => only === undefined || id === only)) {
    const finding = { id: check.id, group: check.group, ...(await bounded(check, look)) };
    findings.push(finding);
    tell(finding);
  }
  return findings;
}

async function bounded(check: Check, look: Look): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    const seconds = longestCheckMs / 1000;
    const answer = notRun(
      `The check of ${check.about} was not done after ${seconds} s and was left.`,
      'Run it again when the computer is less busy; if it stays so, look at the kernel log.',
    );
    timer = setTimeout(() => resolve(answer), longestCheckMs + look.cameraSeconds * 1000);
  });
  const broken = (error: unknown): Outcome =>
    notRun(`The check of ${check.about} broke off (${messageOf(error)}).`, 'Report this with the line above.');
  try {
    return await Promise.race([check.run(look).catch(broken), late]);
  } finally {
    clearTimeout(timer);
  }
}
