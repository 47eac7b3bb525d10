import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { firstBootScript } from './first-boot.ts';

const deb = 'linegate_1.0.0_arm64.deb';
const content = 'a package';
const digest = createHash('sha256').update(content).digest('hex');

interface Device {
  readonly card: string;
  readonly at: (name: string) => string;
  /** Runs the script; dpkg, systemctl and mount are stand-ins that note what they were told. */
  boot(...more: string[]): { readonly code: number | null; readonly said: string; readonly told: string };
}

function device(t: TestContext, { dpkg = 'exit 0', card = 'boot/firmware/linegate' } = {}): Device {
  const root = temporaryFolder(t);
  const at = (name: string): string => path.join(root, name);
  mkdirSync(at(card), { recursive: true });
  mkdirSync(at('bin'));
  for (const [name, does] of Object.entries({ dpkg, systemctl: 'exit 0', mount: 'exit 1' })) {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\necho "${name} $*" >>${at('told')}\n${does}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  }
  writeFileSync(at('first-boot'), firstBootScript);
  writeFileSync(at(`${card}/${deb}`), content);
  writeFileSync(at(`${card}/station.yaml`), 'station: line-1\n');
  writeFileSync(at(`${card}/token`), 'the-token\n');
  const boot: Device['boot'] = (...more) => {
    const env = { PATH: `${at('bin')}:/usr/sbin:/usr/bin:/sbin:/bin`, LINEGATE_ROOT: root };
    const ran = spawnSync('sh', [at('first-boot'), deb, digest, 'line-1', ...more], {
      env,
      encoding: 'utf8',
      timeout: 30_000,
    });
    const told = existsSync(at('told')) ? readFileSync(at('told'), 'utf8') : '';
    return { code: ran.status, said: `${ran.stdout}${ran.stderr}`, told };
  };
  return { card: at(card), at, boot };
}

test('first boot: installs, puts station and token away, leaves no token on the card, starts the services', (t) => {
  const { at, card, boot } = device(t);
  const { code, said, told } = boot();
  assert.equal(code, 0, said);
  assert.equal(readFileSync(at('etc/linegate/station.yaml'), 'utf8'), 'station: line-1\n');
  const token = at('etc/linegate/credentials/mqtt-password');
  assert.equal(readFileSync(token, 'utf8'), 'the-token\n');
  assert.deepEqual([statSync(token).mode & 0o777, statSync(path.dirname(token)).mode & 0o777], [0o600, 0o700]);
  assert.equal(statSync(at('etc/linegate')).mode & 0o777, 0o755);
  assert.ok(!existsSync(path.join(card, 'token')));
  assert.match(told, /^dpkg -i .*arm64\.deb\nsystemctl enable .*linegate\nsystemctl start --no-block .*linegate\n$/);
  assert.match(readFileSync(path.join(card, 'first-boot.txt'), 'utf8'), /^first boot of line-1\ndone\n$/);
});

test('first boot: may run again, and keeps a station file that was changed meanwhile', (t) => {
  const { at, boot } = device(t);
  assert.equal(boot().code, 0);
  writeFileSync(at('etc/linegate/station.yaml'), 'changed\n');
  const again = boot();
  assert.equal(again.code, 0, again.said);
  assert.equal(readFileSync(at('etc/linegate/station.yaml'), 'utf8'), 'changed\n');
  assert.equal(readFileSync(at('etc/linegate/credentials/mqtt-password'), 'utf8'), 'the-token\n');
});

test('first boot: a damaged package, one that cannot be installed, and a lost token stop it and are told on the card', (t) => {
  const damaged = device(t);
  writeFileSync(path.join(damaged.card, deb), 'half a pack');
  const first = damaged.boot();
  assert.equal(first.code, 1);
  assert.match(readFileSync(path.join(damaged.card, 'first-boot.txt'), 'utf8'), /STOPPED: .* is damaged/);
  assert.equal(first.told, '', 'nothing was installed');
  assert.ok(existsSync(path.join(damaged.card, 'token')), 'the token waits for the next try');

  const broken = device(t, { dpkg: 'exit 1' });
  assert.match(broken.boot().said, /STOPPED: .* cannot be installed/);
  assert.ok(existsSync(path.join(broken.card, 'token')));

  const lost = device(t);
  writeFileSync(path.join(lost.card, 'token'), '');
  spawnSync('rm', [path.join(lost.card, 'token')]);
  const third = lost.boot();
  assert.match(third.said, /STOPPED: the token is missing/);
  assert.doesNotMatch(third.told, /systemctl/);
});

test('first boot: a card that is nowhere is told, after the sticks with the right label were tried', (t) => {
  const { at, boot } = device(t, { card: 'elsewhere' });
  mkdirSync(at('dev/disk/by-label'), { recursive: true });
  writeFileSync(at('dev/disk/by-label/CIDATA'), '');
  const { code, said, told } = boot();
  assert.equal(code, 1);
  assert.match(said, /is on no boot partition and no stick/);
  assert.match(told, /^mount .*CIDATA .*run\/linegate-card\n$/);
});

test('first boot: makes a key that stays on the device, and a request for the plant to sign', (t) => {
  const { at, card, boot } = device(t);
  const { code, said } = boot('key');
  assert.equal(code, 0, said);
  const key = at('etc/linegate/credentials/mqtt-key.pem');
  assert.equal(statSync(key).mode & 0o777, 0o600);
  const request = path.join(card, 'line-1.csr');
  const shown = spawnSync('openssl', ['req', '-in', request, '-noout', '-verify', '-subject'], { encoding: 'utf8' });
  assert.equal(shown.status, 0, shown.stderr);
  assert.match(shown.stdout, /CN ?= ?line-1/);
  assert.ok(!existsSync(path.join(card, 'mqtt-key.pem')));
  const before = readFileSync(key, 'utf8');
  assert.equal(boot('key').code, 0);
  assert.equal(readFileSync(key, 'utf8'), before, 'a second run makes no other key');
});
