import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { atMost, type Check, equals, notRun } from '../faults/check.ts';
import { BareRoot, type Release } from './install/bare-root.ts';
import { idleMemory } from './install/idle.ts';
import { audit, oldLedgers, simulate } from './install/ledgers.ts';
import { ownVersion, versionBefore } from './package/built.ts';
import { lastOf } from './package/program.ts';
import type { DeviceRound } from './round.ts';

/** s, on a computer with nothing else to do; a busy one takes several times as long. */
const firstPartLimit = 120;

/** Installed, upgraded, removed, purged and installed again in a bare system without a network. */
export async function install(round: DeviceRound, release: Release): Promise<readonly Check[]> {
  const lacks = await BareRoot.lacks(release);
  if (lacks !== undefined) return [notRun(`bare ${release}`, lacks)];
  const root = await BareRoot.make(release, path.join(round.folder, 'root')).catch(String);
  if (typeof root === 'string') return [notRun(`bare ${release}`, root)];
  mkdirSync(path.join(root.folder, 'packages'));
  root.put(await round.packages.before('amd64'), 'packages/before.deb');
  root.put(await round.packages.file('amd64'), 'packages/now.deb');
  const checks: Check[] = [];
  for (const step of [installed, upgraded, oldLedgers, idle, removed, purged, installedAgain]) {
    round.say(`${release}: ${step.name}`);
    checks.push(...(await step(root)));
  }
  return checks;
}

async function installed(root: BareRoot): Promise<readonly Check[]> {
  return [
    equals('installed', await dpkg(root, '-i /packages/before.deb'), 'yes'),
    equals('version', await version(root), versionBefore),
    equals('20 parts', await simulate(root, 'demo', 20), 'sorted'),
    equals('ledger', await audit(root, 'demo'), 'whole, 20 parts'),
    equals('compilers and other Nodes', await said(root, 'command -v cc gcc clang node npm || true'), 'nothing'),
    equals('completion of "led"', await said(root, completion), 'ledger'),
  ];
}

const completion = `bash -c '. /usr/share/bash-completion/completions/linegate
  COMP_WORDS=(linegate led); COMP_CWORD=1; _linegate; echo "\${COMPREPLY[@]}"'`;

async function upgraded(root: BareRoot): Promise<readonly Check[]> {
  await root.sh('echo kept > /etc/linegate/station.yaml');
  return [
    equals('upgraded', await dpkg(root, '-i /packages/now.deb'), 'yes'),
    equals('version after the upgrade', await version(root), ownVersion()),
    equals('station file after the upgrade', await said(root, 'cat /etc/linegate/station.yaml'), 'kept'),
    equals('ledger after the upgrade', await audit(root, 'demo'), 'whole, 20 parts'),
    equals('20 more parts', await simulate(root, 'demo', 20), 'sorted'),
    equals('ledger of both versions', await audit(root, 'demo'), 'whole, 40 parts'),
  ];
}

async function idle(root: BareRoot): Promise<readonly Check[]> {
  return [await idleMemory(root)];
}

async function removed(root: BareRoot): Promise<readonly Check[]> {
  const left = ['etc/linegate/station.yaml', 'var/lib/linegate/demo/ledger.sqlite', 'usr/lib/linegate'];
  return [
    equals('removed', await dpkg(root, '-r linegate'), 'yes'),
    equals('left after removal', left.filter((file) => root.has(file)).join(' '), left.slice(0, 2).join(' ')),
  ];
}

async function purged(root: BareRoot): Promise<readonly Check[]> {
  const links = '/etc/systemd/system/multi-user.target.wants';
  await root.sh(`mkdir -p ${links} && ln -s /usr/lib/systemd/system/linegate.service ${links}/`);
  return [
    equals('purged', await dpkg(root, '-P linegate'), 'yes'),
    equals('left after purge', await said(root, "find / -xdev -name '*linegate*'"), 'nothing'),
  ];
}

/** Fresh, to see how long it takes until a part is sorted. */
async function installedAgain(root: BareRoot): Promise<readonly Check[]> {
  const ran = await root.sh('dpkg -i /packages/now.deb && cd /tmp && linegate simulate --parts 1 --json');
  const first = equals('first part after a fresh installation', ran.status === 0 ? 'sorted' : lastOf(ran), 'sorted');
  return [first, atMost('s from dpkg -i to the first sorted part', Math.round(ran.tookMs / 100) / 10, firstPartLimit)];
}

/** `yes` when it succeeded, else what it said. */
async function dpkg(root: BareRoot, what: string): Promise<string> {
  const ran = await root.sh(`dpkg ${what}`);
  return ran.status === 0 ? 'yes' : lastOf(ran);
}

function version(root: BareRoot): Promise<string> {
  return said(root, 'linegate --version');
}

/** What a line of shell prints, or `nothing`. */
async function said(root: BareRoot, line: string): Promise<string> {
  const { stdout, stderr } = await root.sh(line);
  return `${stdout}${stderr}`.trim() || 'nothing';
}
