import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Check, equals, notRun } from '../faults/check.ts';
import { lastOf, run } from './package/program.ts';

const checkout = path.join(import.meta.dirname, '../..');
const lab = process.env['LINEGATE_LAB'] ?? path.join(checkout, '../shared/lab/boot');

/** What must be printed by package/upgrade-inside.sh. */
const wanted: Readonly<Record<string, string>> = {
  'units-verify': 'nothing',
  'installed-exit': '0',
  'installed-active': '0',
  'started-active': '6',
  'upgrade-one-exit': '0',
  'upgrade-one-agents': 'again again',
  'upgrade-one-gatekeepers': 'same same',
  'upgrade-one-configs': 'same same',
  'upgrade-one-active': '6',
  'upgrade-two-exit': '0',
  'upgrade-two-agents': 'again again',
  'upgrade-two-gatekeepers': 'again again',
  'upgrade-two-configs': 'again again',
  'upgrade-two-active': '6',
  'upgrade-two-order': 'yes yes',
  'removed-exit': '0',
  'removed-active': '0',
  'postrm-exit': '0',
  'removed-left': 'kept kept',
  'purged-exit': '0',
  'purged-left': '0',
};

/**
 * The package's scripts where a systemd runs: an upgrade restarts agents, and a gatekeeper only when it is another one, with its
 * configuration made anew and before the agent; removal stops all and leaves the state, purge takes it.
 */
export async function scripts(): Promise<readonly Check[]> {
  if (!existsSync(lab)) return [notRun('maintainer scripts', `there is no lab at ${lab}; set LINEGATE_LAB`)];
  const inside = path.join(import.meta.dirname, 'package/upgrade-inside.sh');
  const folder = path.join(checkout, 'tools/package/files');
  const units = path.join(checkout, 'systemd');
  const ran = await run(lab, ['--systemd', inside, folder, units], { timeoutMs: 300_000 });
  const said = new Map([...ran.stdout.matchAll(/^(\S+) (.+)$/gm)].map(([, id = '', value = '']) => [id, value]));
  return Object.entries(wanted).map(([id, value]) => equals(id, said.get(id)?.trim() ?? lastOf(ran), value));
}
