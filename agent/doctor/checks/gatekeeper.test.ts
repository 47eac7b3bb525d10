import assert from 'node:assert/strict';
import { test } from 'node:test';
import { find } from '../../../test/support/doctor-finding.ts';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { readCalibration } from '../../config/calibration.ts';
import { gatekeeperConf } from '../../config/gatekeeper-conf.ts';
import type { StationStatus } from '../../ports/status.ts';
import type { Computer } from '../testing/computer.ts';
import { pi4 } from '../testing/computers.ts';
import { gatekeeperStation } from '../testing/stations.ts';
import { toolsFor } from '../testing/tools.ts';
import type { Wants } from '../wants.ts';

const conf = '/etc/linegate/gatekeeper.conf';
const listening = 'ffff: 00000002 00000000 00010000 0001 01 3000 /run/linegate/gatekeeper.sock\n';
const connected = 'fffe: 00000003 00000000 00000000 0001 03 3001 /run/linegate/gatekeeper.sock\n';

/** A gatekeeper as /proc shows it: 38 fields stand between its state and its policy. */
function running(unix: string, { policy = 1, lockedKb = 1800, text = '', open = true } = {}): Computer {
  const fields = ['S', ...Array.from({ length: 37 }, () => '0'), String(policy), '0'];
  const files = {
    ...pi4.files,
    '/proc/net/unix': `Num RefCount Protocol Flags Type St Inode Path\n${unix}`,
    '/proc/712/cmdline': `/usr/lib/linegate/linegate-gatekeeper\0--conf\0${conf}\0`,
    '/proc/712/stat': `712 (linegate-gate ke) ${fields.join(' ')}\n`,
    '/proc/712/status': `VmLck:\t    ${lockedKb} kB\n`,
    '/proc/713/cmdline': '/usr/lib/linegate/linegate-gatekeeper\0--notify\0',
    '/proc/800/cmdline': 'vi\0-R\0/usr/lib/linegate/linegate-gatekeeper\0',
    [conf]: text,
  };
  const show = 'systemctl show linegate-gatekeeper -p StatusText --value';
  const devices = { ...pi4.devices, '/run/linegate/gatekeeper.sock': open };
  return { ...pi4, files, devices, programs: { ...pi4.programs, [show]: 'ready, no doubt\n' } };
}

function textOf({ config, calibrationFile }: Wants): string {
  if (config.line.kind !== 'gatekeeper' || calibrationFile === null) throw new Error('a station with a gatekeeper');
  return gatekeeperConf({ station: config.station, line: config.line, calibration: readCalibration(calibrationFile) });
}

test('gatekeeper: does not run, does not listen, without and with an agent, all without a connection of ours', async (t) => {
  const wants = gatekeeperStation(temporaryFolder(t));
  const look = (computer: Computer, probes = {}) => find('gatekeeper', toolsFor(computer, { wants, probes }));
  assert.equal((await look(pi4)).state, 'fail');
  assert.match((await look(running(''))).sentence, /does not listen at/);
  assert.equal((await look(running(listening))).state, 'warn');
  assert.match((await look(running(listening, { open: false }))).whatToDo ?? '', /the number 1000 as line\.agentUid/);
  const status = { camera: { state: 'ok', detail: null } } as StationStatus;
  const lost = await look(running(listening), { station: async () => ({ kind: 'running', status }) });
  assert.match(lost.sentence, /without an agent .* though a station runs/);
  const fine = await look(running(listening + connected));
  assert.deepEqual([fine.state, fine.figures['agents'], fine.figures['processes']], ['ok', 1, 1]);
  assert.match(fine.sentence, /says "ready, no doubt"/);
});

test('gatekeeper: READY as the kernel has it, on either level, off with an agent', async (t) => {
  const row = (name: string, level: string) => ` gpio-533 (${name.padEnd(20)}|linegate-gatekeeper ) out ${level} \n`;
  const look = async (activeLevel: string, rows: string) => {
    const at = (line: string) => ({ chip: 'pinctrl-bcm2711', line });
    const line = {
      kind: 'gatekeeper',
      calibration: 'calibration.yaml',
      inputs: { trigger: at('GPIO17') },
      outputs: { gate: at('GPIO27'), ready: { ...at('GPIO22'), activeLevel } },
    };
    const wants = gatekeeperStation(temporaryFolder(t), { more: { line } });
    const computer = running(listening + connected);
    const files = { ...computer.files, '/sys/kernel/debug/gpio': `gpiochip0: GPIOs 512-569\n${rows}` };
    const { state, figures } = await find('gatekeeper', toolsFor({ ...computer, files }, { wants }));
    return [state, figures['ready']];
  };
  assert.deepEqual(await look('high', row('GPIO22', 'hi')), ['ok', true]);
  assert.deepEqual(await look('high', row('GPIO22', 'lo')), ['warn', false]);
  assert.deepEqual(await look('low', row('GPIO22', 'lo')), ['ok', true]);
  assert.deepEqual(await look('high', row('GPIO2', 'hi')), ['ok', null]);
});

test('gatekeeper-conf: the same as the station’s, another one, a calibration that cannot be used', async (t) => {
  const folder = temporaryFolder(t);
  const wants = gatekeeperStation(folder);
  const look = (text: string) => find('gatekeeper-conf', toolsFor(running(listening, { text }), { wants }));
  assert.equal((await look(textOf(wants))).state, 'ok');
  const other = await look(`${textOf(wants)}late-us 1\n`);
  assert.equal(other.state, 'fail');
  assert.match(other.whatToDo ?? '', /^Run linegate gatekeeper-conf --station .*station\.yaml --out CONF, and start/);
  const packaged = toolsFor(running(listening, { text: 'late-us 1\n' }), {
    wants: { ...wants, file: '/etc/linegate/station.yaml' },
  });
  assert.match(
    (await find('gatekeeper-conf', packaged)).whatToDo ?? '',
    /^Run sudo systemctl restart linegate-config linegate, with/,
  );
  const none = await find('gatekeeper-conf', toolsFor(pi4, { wants }));
  assert.equal(none.state, 'not-run');
  const lost = { ...wants, calibrationFile: `${folder}/none.yaml` };
  const bad = await find('gatekeeper-conf', toolsFor(running(listening), { wants: lost }));
  assert.deepEqual([bad.state, /none\.yaml/.test(bad.sentence)], ['fail', true]);
});

test('realtime: the policy and the memory of the gatekeeper, else the limits of the user', async () => {
  const state = async (computer: Computer) => (await find('realtime', toolsFor(computer))).state;
  assert.equal(await state(running(listening)), 'ok');
  assert.equal(await state(running(listening, { policy: 0 })), 'warn');
  assert.equal(await state(running(listening, { lockedKb: 0 })), 'warn');
  const limits = (priority: string) => ({
    ...pi4,
    files: { '/proc/self/limits': `Max realtime priority     ${priority}   0\n` },
  });
  assert.deepEqual([await state(limits('0')), await state(limits('95')), await state(pi4)], ['warn', 'ok', 'not-run']);
});

test('units: failed, disabled, without watchdog, in order', async () => {
  const list = 'systemctl list-unit-files --no-legend --plain --type=service linegate*';
  const look = async (active: string, enabled: string, watchdog: string) => {
    const show = 'systemctl show linegate.service -p Id,LoadState,UnitFileState,ActiveState,WatchdogUSec,Environment';
    const programs = {
      [list]: 'linegate.service enabled enabled\nlinegate@.service disabled\nlinegate-config.service static -\n',
      [show]: `Id=linegate.service\nUnitFileState=${enabled}\nActiveState=${active}\nWatchdogUSec=${watchdog}\n`,
    };
    return (await find('units', toolsFor({ ...pi4, programs }))).state;
  };
  assert.equal(await look('failed', 'enabled', '2s'), 'fail');
  assert.equal(await look('active', 'disabled', '2s'), 'warn');
  assert.equal(await look('active', 'enabled', '0'), 'warn');
  assert.equal(await look('active', 'enabled', '2s'), 'ok');
  assert.equal((await find('units', toolsFor({ ...pi4, programs: { [list]: '' } }))).state, 'not-run');
});

test('telemetry: a model process without the variable fails', async () => {
  const look = async (environ: string | undefined) => {
    const files = { '/proc/9/cmdline': 'node\0/opt/linegate/onnx-child.js\0model.onnx\0' };
    const more = environ === undefined ? {} : { '/proc/9/environ': environ };
    return (await find('telemetry', toolsFor({ files: { ...files, ...more } }))).state;
  };
  assert.equal(await look('PATH=/bin\0ORT_DISABLE_TELEMETRY=1\0'), 'ok');
  assert.equal(await look('PATH=/bin\0'), 'fail');
  assert.equal(await look(undefined), 'not-run');
});
