import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const folder = path.join(import.meta.dirname, '../../../systemd');
const units = readdirSync(folder).filter((file) => /^[a-z-]+\.service$/.test(file));
const text = (file: string): string => readFileSync(path.join(folder, file), 'utf8');

/** The unit of one station among several, as it must follow from that of the only one. */
function templateOf(unit: string): string {
  return unit
    .replaceAll(/(linegate-config|linegate-gatekeeper)\.service/g, '$1@%i.service')
    .replaceAll('/etc/linegate/station.yaml', '/etc/linegate/%i.yaml')
    .replaceAll('/etc/linegate/credentials/', '/etc/linegate/credentials/%i/')
    .replaceAll(/(\/var\/lib\/linegate)/g, '$1/%i')
    .replaceAll(/^((?:State|Runtime)Directory)=linegate$/gm, '$1=linegate/%i')
    .replaceAll('/run/credentials/linegate.service', '/run/credentials/linegate@NAME.service')
    .replace(/^(Description=.*)$/m, '$1 %i');
}

test('each unit has a template that differs in its names only', () => {
  assert.equal(units.length, 3);
  for (const unit of units) {
    const template = text(unit.replace('.service', '@.service'));
    assert.equal(template, templateOf(text(unit)), unit);
    assert.notEqual(template, text(unit));
  }
});
