import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Sources, settingsFrom } from './settings.ts';

const gate = { delayUs: 400_000, widthUs: 50_000, recoveryUs: 20_000, leadUs: 10_000, triggerDeadUs: 100_000 };
const usual = {
  station: 'cell-7',
  wifi: { ssid: 'hall', passphrase: 'open sesame' },
  mqtt: { host: 'broker.plant', user: 'cell-7', password: 'hush hush', caFile: 'ca.pem' },
  gate,
};
const pem = '-----BEGIN CERTIFICATE-----\r\nAAAA\r\n-----END CERTIFICATE-----\r\n';

function read(file: object, more: Partial<Sources> = {}) {
  const text = JSON.stringify(file);
  return settingsFrom({ file: 's.json', text, environment: {}, readBeside: () => pem, ...more });
}
const told = (settings: readonly { key: string; value: string }[], key: string) =>
  settings.find((setting) => setting.key === key)?.value;

describe('the settings of a station', () => {
  it('are told by the names that the firmware knows', () => {
    const settings = read(usual);
    assert.equal(told(settings, 'wifi.passphrase'), 'open sesame');
    assert.equal(told(settings, 'mqtt.port'), '8883');
    assert.equal(told(settings, 'mqtt.ca'), pem.replaceAll('\r', ''));
    assert.equal(told(settings, 'gate.failSafe'), '1');
    assert.equal(settings.length, 17);
  });

  it('go in clear to port 1883 without certificates', () => {
    assert.equal(told(read({ ...usual, mqtt: { host: 'broker' } }), 'mqtt.port'), '1883');
  });

  it('take passwords from the environment', () => {
    const environment = { LINEGATE_WIFI_PASSPHRASE: 'from outside', LINEGATE_MQTT_PASSWORD: 'also' };
    const settings = read({ ...usual, wifi: { ssid: 'hall' }, mqtt: { host: 'broker' } }, { environment });
    assert.equal(told(settings, 'wifi.passphrase'), 'from outside');
    assert.equal(told(settings, 'mqtt.password'), 'also');
  });

  it('name every fault at once, and no value', () => {
    const bad = { ...usual, wifi: { ssid: '', passphrase: 'sesame' }, gate: { ...gate, failSafe: 'maybe' } };
    assert.throws(
      () => read(bad),
      ({ message }: Error) => /wifi\.ssid.*wifi\.passphrase.*gate\.failSafe/.test(message) && !/sesame/.test(message),
    );
  });

  it('do not quote a file that is no JSON', () => {
    assert.throws(
      () => read(usual, { text: '{"wifi":{"passphrase":"sesame}}' }),
      ({ message }: Error) => /s\.json is no valid JSON/.test(message) && !/sesame/.test(message),
    );
  });

  it('are refused where parts cannot be told apart at the gate', () => {
    assert.throws(
      () => read({ ...usual, gate: { ...gate, delayUs: 79_999 } }),
      /must be at least widthUs \+ recoveryUs, 70000/,
    );
  });

  it('take no certificate that is none, and no update in clear', () => {
    assert.throws(() => read(usual, { readBeside: () => 'hello' }), /ca\.pem must hold certificates/);
    assert.throws(
      () => read({ ...usual, update: { url: 'http://files/x.bin' } }),
      /update\.url: must begin with https/,
    );
  });
});
