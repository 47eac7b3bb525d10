import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gatekeeperUnit, instanceOf, restartWords } from './services.ts';

const unit = (name: string): string => readFileSync(new URL(`../../systemd/${name}`, import.meta.url), 'utf8');

test('services: which instance a station file is of', () => {
  assert.equal(instanceOf('/etc/linegate/station.yaml'), '');
  assert.equal(instanceOf('/etc/linegate/left.yaml'), 'left');
  for (const file of ['station.yaml', '/etc/linegate/left.yml', '/srv/linegate/left.yaml'])
    assert.equal(instanceOf(file), null, file);
});

test('services: what is to be restarted are units of the package, which read that very file', () => {
  assert.equal(restartWords('/etc/linegate/station.yaml'), 'sudo systemctl restart linegate-config linegate');
  assert.equal(restartWords('/etc/linegate/left.yaml'), 'sudo systemctl restart linegate-config@left linegate@left');
  assert.equal(gatekeeperUnit('/etc/linegate/left.yaml'), 'linegate-gatekeeper@left');
  assert.equal(gatekeeperUnit('/etc/linegate/station.yaml'), 'linegate-gatekeeper');
  assert.match(restartWords('/tmp/x.yaml'), /^linegate gatekeeper-conf --station \/tmp\/x\.yaml --out CONF/);
  assert.match(unit('linegate-config.service'), /--station \/etc\/linegate\/station\.yaml /);
  assert.match(unit('linegate-config@.service'), /--station \/etc\/linegate\/%i\.yaml /);
  assert.match(unit('linegate.service'), /--config \/etc\/linegate\/station\.yaml$/m);
  assert.match(unit('linegate@.service'), /--config \/etc\/linegate\/%i\.yaml$/m);
  // The first of the two takes the gatekeeper with it; the agent must be named.
  assert.match(unit('linegate-gatekeeper.service'), /^PartOf=linegate-config\.service$/m);
  assert.doesNotMatch(unit('linegate.service'), /^PartOf=/m);
});
