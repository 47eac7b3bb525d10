import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Check, equals, notRun } from '../faults/check.ts';
import { lastOf, run } from './package/program.ts';

const checkout = path.join(import.meta.dirname, '../..');
const lab = process.env['LINEGATE_LAB'] ?? path.join(checkout, '../shared/lab/boot');

/** What must be printed by package/upgrade-inside.sh. */
const wanted: Readonly<Record<string, string>> = {
  'installed-exit': '0',
  'installed-started': '0',
  'upgrade-one-exit': '0',
  'upgrade-one-agents': 'again again',
  'upgrade-one-gatekeeper': 'same',
  'upgrade-two-exit': '0',
  'upgrade-two-agents': 'again again',
  'upgrade-two-gatekeeper': 'again',
  'removed-exit': '0',
  'removed-running': '0',
  'postrm-exit': '0',
};

/** The package's scripts where a systemd runs: an upgrade restarts agents, and a gatekeeper only when it is another one. */
export async function scripts(): Promise<readonly Check[]> {
  if (!existsSync(lab)) return [notRun('maintainer scripts', `there is no lab at ${lab}; set LINEGATE_LAB`)];
  const inside = path.join(import.meta.dirname, 'package/upgrade-inside.sh');
  const folder = path.join(checkout, 'tools/package/files');
  const ran = await run(lab, ['--systemd', inside, folder], { timeoutMs: 300_000 });
  const said = new Map([...ran.stdout.matchAll(/^(\S+) (.+)$/gm)].map(([, id = '', value = '']) => [id, value]));
  return Object.entries(wanted).map(([id, value]) => equals(id, said.get(id) ?? lastOf(ran), value));
}
