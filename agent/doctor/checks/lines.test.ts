import assert from 'node:assert/strict';
import { test } from 'node:test';
import { find } from '../../../test/support/doctor-finding.ts';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { gpioAnswer, piHeader } from '../testing/chips.ts';
import type { Computer } from '../testing/computer.ts';
import { jetsonOrin, pi4, pi5 } from '../testing/computers.ts';
import { gatekeeperStation, write } from '../testing/stations.ts';
import { toolsFor } from '../testing/tools.ts';

const chip = { label: 'pinctrl-bcm2711', names: piHeader };

function piWith(held: Readonly<Record<string, string>>, chips = [chip]): Computer {
  return { ...pi4, programs: { ...pi4.programs, 'linegate-gpioinfo': gpioAnswer(chips, held) } };
}

test('lines: free, held by the gatekeeper, by another program, by the kernel', async (t) => {
  const wants = gatekeeperStation(temporaryFolder(t));
  const look = (held: Readonly<Record<string, string>>) => find('lines', toolsFor(piWith(held), { wants }));
  assert.match((await look({})).sentence, /^All 3 lines of the station are there and free/);
  const ours = { GPIO17: 'linegate-gatekeeper', GPIO27: 'linegate-gatekeeper', GPIO22: 'linegate-gatekeeper' };
  const held = await look(ours);
  assert.deepEqual([held.state, held.figures['heldByGatekeeper']], ['ok', 3]);
  const some = await look({ GPIO17: 'linegate-gatekeeper' });
  assert.equal(some.state, 'warn');
  const thief = await look({ GPIO27: 'python3' });
  assert.equal(thief.state, 'fail');
  assert.match(thief.sentence, /gate on pinctrl-bcm2711 GPIO27 is held by "python3"/);
});

test('lines: a chip or a line that is not there, or there twice, is named with what is', async (t) => {
  const wants = gatekeeperStation(temporaryFolder(t));
  const elsewhere = await find('lines', toolsFor(jetsonOrin, { wants }));
  assert.match(elsewhere.sentence, /the chips are tegra234-gpio, tegra234-gpio-aon/);
  const early = piWith({}, [{ label: 'pinctrl-bcm2711', names: ['ID_SD', 'ID_SC', 'PIN17', 'GPIO27', 'GPIO22'] }]);
  const renamed = await find('lines', toolsFor(early, { wants }));
  assert.match(renamed.sentence, /trigger on pinctrl-bcm2711 GPIO17 is not there, its lines are named like PIN17/);
  const twice = await find('lines', toolsFor(piWith({}, [chip, chip]), { wants }));
  assert.match(twice.sentence, /is there 2 times/);
  assert.equal(twice.state, 'fail');
});

test('lines: without the program that lists them nothing is claimed', async (t) => {
  const wants = gatekeeperStation(temporaryFolder(t));
  for (const programs of [{}, { 'linegate-gpioinfo': 'Segmentation fault' }]) {
    const finding = await find('lines', toolsFor({ ...pi4, programs }, { wants }));
    assert.equal(finding.state, 'not-run');
  }
});

test('pins: outputs on BCM 0 to 8 fail, inputs may be there, pins of SPI and UART are told', async (t) => {
  const look = (trigger: string, gate: string, ready = 'GPIO22') =>
    find('pins', toolsFor(pi4, { wants: gatekeeperStation(temporaryFolder(t), { lines: { trigger, gate, ready } }) }));
  assert.equal((await look('GPIO17', 'GPIO27')).state, 'ok');
  const low = await look('GPIO17', 'GPIO8', 'GPIO5');
  assert.equal(low.state, 'fail');
  assert.deepEqual(low.figures['pulledUp'], ['gate on BCM 8', 'ready on BCM 5']);
  assert.equal((await look('GPIO4', 'GPIO27')).state, 'ok');
  const spi = await look('GPIO9', 'GPIO27');
  assert.match(spi.sentence, /trigger on BCM 9 belongs to SPI/);
  const uart = await look('GPIO17', 'GPIO14');
  assert.deepEqual([uart.state, uart.figures['taken']], ['warn', ['gate on BCM 14 belongs to the UART']]);
});

test('pins: numbers of onoff count on a Raspberry Pi, and are not known elsewhere', async (t) => {
  const line = {
    kind: 'software',
    trigger: { kind: 'onoff', gpio: 17 },
    gate: { kind: 'onoff', gpio: 4 },
    calibration: 'calibration.yaml',
  };
  const wants = write(temporaryFolder(t), { line, camera: { kind: 'node-libcamera' } });
  assert.match((await find('pins', toolsFor(pi4, { wants }))).sentence, /gate on BCM 4 is on while it boots/);
  assert.equal((await find('pins', toolsFor(jetsonOrin, { wants }))).state, 'not-run');
});

test('persistence: by the kernel, by config.txt not yet in force, unknown on a Jetson', async () => {
  const state = async (computer: Computer) => (await find('persistence', toolsFor(computer))).state;
  assert.equal(await state(pi4), 'warn');
  assert.equal(await state(pi5), 'ok');
  const parameter = '/sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs';
  assert.equal(await state({ ...pi4, files: { ...pi4.files, [parameter]: 'N\n' } }), 'ok');
  const config = { '/boot/firmware/config.txt': 'dtparam=audio=on,strict_gpiod\n' };
  const waiting = await find('persistence', toolsFor({ ...pi4, files: { ...pi4.files, ...config } }));
  assert.match(waiting.whatToDo ?? '', /Reboot/);
  const off = { '/boot/firmware/config.txt': 'dtparam=strict_gpiod\ndtparam=strict_gpiod=off\n' };
  assert.match(
    (await find('persistence', toolsFor({ ...pi4, files: { ...pi4.files, ...off } }))).whatToDo ?? '',
    /Add dtparam/,
  );
  const jetson = await find('persistence', toolsFor(jetsonOrin));
  assert.match(jetson.sentence, /is not known/);
});
