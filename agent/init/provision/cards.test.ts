import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { temporaryFolder } from '../../../test/support/folders.ts';
import type { Surroundings } from '../check/surroundings.ts';
import { type CardsWanted, makeCards } from './cards.ts';
import { loginFrom } from './login.ts';
import { networkConfig, wifiFrom } from './network.ts';
import { oneStation, parseList } from './stations.ts';
import { makeToken } from './token.ts';

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const around: Surroundings = {
  read: (file) => (file === '/s/ca.pem' ? { kind: 'text', text: certificate } : { kind: 'absent' }),
  recipeFault: (recipe) => (recipe === 'machined-ring' ? null : 'There is no such recipe.'),
};
const station = `# kept
schemaVersion: 1
station: template # its name
recipe: machined-ring
stateFolder: /var/lib/linegate/template
line: { kind: simulator }
camera: { kind: simulator }
uplink:
  kind: mqtt
  url: mqtts://broker:8883 # the plant's
  caFile: ca.pem
`;
const key = `ssh-ed25519 ${'A'.repeat(68)} somebody@desk`;

/** Bytes that differ from call to call and not from run to run. */
function counted(): (sizeBytes: number) => Buffer {
  let calls = 0;
  return (sizeBytes) => {
    calls += 1;
    return createHash('sha512').update(`${calls}`).digest().subarray(0, sizeBytes);
  };
}

function wanted(text = station, more: Partial<CardsWanted> = {}): CardsWanted {
  return {
    rows: parseList('/s/list.csv', 'station,hostname\nline-1,\nLine_2,cell-2\n', '/s/station.yaml'),
    stations: new Map([['/s/station.yaml', text]]),
    deb: { name: 'linegate_1.0.0_arm64.deb', sha256: 'ab'.repeat(32) },
    login: loginFrom('technician', 'id.pub', key),
    wifi: wifiFrom('plant', 'a secret passphrase', 'DE'),
    random: counted(),
    around,
    wallMs: 1_770_000_000_000,
    ...more,
  };
}

function filesOf(given: CardsWanted): Map<string, string> {
  return new Map(makeCards(given).files.map(({ path: name, text }) => [name, text]));
}

test('provision: each card has its own names and token, and the station file keeps its comments', () => {
  const files = filesOf(wanted());
  const made = files.get('cell-2/linegate/station.yaml') ?? '';
  assert.match(made, /^# kept\n[\s\S]*station: Line_2 # its name\n[\s\S]*broker:8883 # the plant's/);
  const { uplink, stateFolder } = parse(made) as { uplink: object; stateFolder: string };
  const credentials = '/run/credentials/linegate.service';
  assert.deepEqual(uplink, {
    ...{ kind: 'mqtt', url: 'mqtts://broker:8883', username: 'Line_2' },
    ...{ caFile: `${credentials}/mqtt-ca.pem`, passwordFile: `${credentials}/mqtt-password` },
  });
  assert.equal(stateFolder, '/var/lib/linegate/Line_2');
  assert.equal(files.get('cell-2/linegate/mqtt-ca.pem'), certificate);
  const tokens = ['line-1', 'cell-2'].map((name) => (files.get(`${name}/linegate/token`) ?? '').trim());
  assert.equal(new Set(tokens).size, 2);
  assert.ok(tokens.every((token) => /^[\w-]{43}$/.test(token)));
  const list = (files.get('central/tokens.csv') ?? '').split('\n');
  for (const [at, token] of tokens.entries()) {
    const sha256 = createHash('sha256').update(token).digest('hex');
    assert.ok(list[at + 1]?.startsWith(`${['line-1,line-1', 'Line_2,cell-2'][at]},${sha256},2026-`));
  }
});

test('provision: no token and no passphrase stands anywhere but in the file of the token', () => {
  const { files } = makeCards(wanted());
  const tokens = files.filter(({ path: name }) => name.endsWith('/token'));
  assert.ok(tokens.every(({ secret }) => secret));
  const secrets = [...tokens.map(({ text }) => text.trim()), 'a secret passphrase'];
  for (const { path: name, text } of files) {
    if (name.endsWith('/token')) continue;
    for (const secret of secrets) assert.ok(!text.includes(secret), name);
    assert.ok(!/PRIVATE KEY|[^_]passwd:|plain_text|chpasswd/.test(text), name);
  }
  const data = parse(files.find(({ path: name }) => name === 'line-1/user-data')?.text ?? '') as Record<
    string,
    unknown
  >;
  assert.deepEqual([data['ssh_pwauth'], data['ssh_deletekeys'], data['hostname']], [false, true, 'line-1']);
  assert.match(JSON.stringify(data['users']), /"lock_passwd":true/);
  const last = (data['runcmd'] as string[][]).at(-1);
  assert.deepEqual(last, [
    '/usr/local/sbin/linegate-first-boot',
    'linegate_1.0.0_arm64.deb',
    'ab'.repeat(32),
    'line-1',
  ]);
});

test('provision: what a card cannot carry is refused with what to do', () => {
  const refuses = (from: string, to: string, about: RegExp): void => {
    assert.ok(station.includes(from));
    assert.throws(() => makeCards(wanted(station.replace(from, to))), about);
  };
  refuses('  caFile: ca.pem', '  passwordFile: secret', /uplink\.passwordFile secret, which no card carries/);
  refuses('  caFile: ca.pem', '  keyFile: my.key', /mqtt-key\.pem, where the device keeps its own/);
  refuses('caFile: ca.pem', 'caFile: other.pem', /other\.pem, which is not there or no certificate/);
  refuses('recipe: machined-ring', 'recipe: ./mine', /recipe folder \.\/mine, which no card carries/);
  refuses('recipe: machined-ring', 'recipe: cogs', /4:9 There is no such recipe/);
  refuses('line: {', 'line: [', /cannot go on a card: 6:/);
  assert.throws(() => makeCards(wanted('')), /1:1 the document is null/);
});

test('provision: a station that names a key gets one made on the device', () => {
  const keyed = station.replace(
    '  caFile: ca.pem',
    '  keyFile: /run/credentials/linegate.service/mqtt-key.pem\n  certFile: /run/credentials/linegate.service/mqtt-cert.pem',
  );
  const data = parse(filesOf(wanted(keyed)).get('line-1/user-data') ?? '') as { runcmd: string[][] };
  assert.equal(data.runcmd.at(-1)?.at(-1), 'key');
});

test('provision: lists are checked as a whole', () => {
  const rows = parseList('/s/l.csv', '\uFEFFfile,station\r\na.yaml,one\r\n\r\n,two\r\n', '/x.yaml');
  assert.deepEqual(rows, [
    { station: 'one', hostname: 'one', file: '/s/a.yaml' },
    { station: 'two', hostname: 'two', file: '/x.yaml' },
  ]);
  const refuses = (text: string, about: RegExp): void => {
    assert.throws(() => parseList('l.csv', text, 'x'), about);
  };
  refuses('name\nx\n', /its first line must name the columns/);
  refuses('station,station\nx,y\n', /its first line must name the columns/);
  refuses('station\n', /names no station/);
  refuses(
    'station\na b\nx,y\nLine\nline\n',
    /line 3 has not 1 plain columns; the station "a b" is not.*; the station line is there twice; the hostname line is there twice/,
  );
  refuses('station,hostname\na,x\nb,x\n', /the hostname x is there twice/);
  refuses('station,hostname\na,-x\n', /the hostname "-x" of a/);
  assert.throws(() => oneStation('a', 'B', 'x'), /hostname "B"/);
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[A-Za-z0-9_-]{0,12}$/), { maxLength: 8 }), (names) => {
      try {
        const read = parseList('l.csv', `station\n${names.join('\n')}`, 'x');
        assert.equal(new Set(read.map(({ hostname }) => hostname)).size, read.length);
      } catch (error) {
        assert.match(String(error), /The list l\.csv/);
      }
    }),
  );
});

test('provision: keys that are private or none are refused', () => {
  assert.throws(() => loginFrom('a', 'id', '-----BEGIN OPENSSH PRIVATE KEY-----\n'), /give the public one, id\.pub/);
  assert.throws(() => loginFrom('a', 'id', '# nothing\n'), /holds no key/);
  assert.throws(() => loginFrom('a', 'id', `${key}\nssh-ed25519 AAA\n`), /its entry 2/);
  for (const user of ['root', 'linegate', 'A', ''])
    assert.throws(() => loginFrom(user, 'id', key), /Nobody can be named/);
});

test('provision: the Wi-Fi key is that of IEEE 802.11i (its test vector), odd ones are refused', () => {
  const { psk } = wifiFrom('IEEE', 'password', 'US');
  assert.equal(psk, 'f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e');
  for (const [ssid, passphrase, country] of [
    ['', 'password', 'DE'],
    ['x'.repeat(33), 'password', 'DE'],
    ['x', 'short', 'DE'],
    ['x', 'password', 'de'],
  ] as const) {
    assert.throws(() => wifiFrom(ssid, passphrase, country));
  }
  const odd = 'a: "b" # c';
  const read = parse(networkConfig({ ssid: odd, psk, country: 'DE' })) as { network: { wifis: { wlan0: object } } };
  assert.deepEqual(read.network.wifis.wlan0, {
    ...{ dhcp4: true, optional: true, 'regulatory-domain': 'DE' },
    'access-points': { [odd]: { password: psk } },
  });
  assert.ok(!networkConfig(null).includes('wifis'));
});

test('provision: the hash for mosquitto is what openssl derives of the same token', () => {
  const { secret, mosquitto } = makeToken('line-1', counted());
  const [, , iterations, salt = '', hash] = mosquitto.split('$');
  const derived = execFileSync('openssl', [
    ...['kdf', '-keylen', '64', '-kdfopt', 'digest:SHA512', '-kdfopt', `pass:${secret}`, '-binary'],
    ...['-kdfopt', `hexsalt:${Buffer.from(salt, 'base64').toString('hex')}`, '-kdfopt', `iter:${iterations}`, 'PBKDF2'],
  ]);
  assert.equal(derived.toString('base64'), hash);
});

test('provision: cloud-init takes user-data, and finds a field that does not belong there', (t) => {
  const version = spawnSync('cloud-init', ['--version'], { encoding: 'utf8', timeout: 60_000 });
  if (version.error !== undefined) {
    t.diagnostic('NOT RUN: cloud-init is not installed (apt-get install cloud-init)');
    return;
  }
  const folder = temporaryFolder(t);
  const check = (text: string): { code: number | null; said: string } => {
    const file = path.join(folder, 'user-data');
    writeFileSync(file, text);
    const ran = spawnSync('cloud-init', ['schema', '--config-file', file], { encoding: 'utf8', timeout: 60_000 });
    return { code: ran.status, said: `${ran.stdout}${ran.stderr}` };
  };
  const text = filesOf(wanted()).get('line-1/user-data') ?? '';
  const good = check(text);
  assert.equal(good.code, 0, good.said);
  const alone = check(filesOf(wanted(station, { login: null })).get('line-1/user-data') ?? '');
  assert.equal(alone.code, 0, alone.said);
  assert.notEqual(check(text.replace('ssh_pwauth: false', 'ssh_pwauth: [1]')).code, 0);
});
