import { cpSync } from 'node:fs';
import { setTimeout as moment } from 'node:timers/promises';
import { randomOf } from '../../../agent/core/render/prng.ts';
import { Cable } from '../../faults/cable.ts';
import { atLeast, equals } from '../../faults/check.ts';
import { forgetfulBroker } from '../../faults/forgetful.ts';
import { until } from '../../faults/plant.ts';
import { Mosquitto } from '../../support/mosquitto.ts';
import { auditFirmware, epochsAt, foldedAt, quarantinedAt, storedRows, unnamedAt } from './audit.ts';
import { killed } from './kills.ts';
import { overrun } from './overrun.ts';
import { broughtUp, type FirmwareScenario, firmwarePlant, runFirmware, startReceiver } from './plant.ts';
import { repeated } from './repeated.ts';
import { FirmwareStation } from './station.ts';

/** A broker that acknowledges and then forgets three messages in ten, of both directions. */
const forgetful: FirmwareScenario = {
  name: 'broker forgets after PUBACK',
  run: async (round) => {
    const plant = firmwarePlant(round, 2048);
    const { url, remember } = await forgetfulBroker(round, round.seed, 0.3);
    await startReceiver(round, plant, url);
    const station = new FirmwareStation(round, plant, url, ['--rate', '40']);
    const rows = round.short ? 120 : 2000;
    await until(() => station.state.last >= rows, `that ${rows} rows are recorded`, 120_000);
    await broughtUp(station, round.short ? rows / 2 : rows, 300_000);
    remember();
    await broughtUp(station, rows, 60_000);
    await station.stop();
    await runFirmware(round, plant, url, ['--parts', '5']);
    return [equals('rows given up', foldedAt(plant), 0), ...(await auditFirmware(round, plant))];
  },
};

/** The station's connection is reset every 300 ms. */
const cuts: FirmwareScenario = {
  name: 'TCP cut every 300 ms',
  run: async (round) => {
    const plant = firmwarePlant(round, 2048);
    const broker = await Mosquitto.start(round);
    const cable = await Cable.to(round, broker.url);
    await startReceiver(round, plant, broker.url);
    const station = new FirmwareStation(round, plant, cable.url, ['--rate', '40']);
    const timer = setInterval(() => cable.cut(), 300);
    await moment(round.short ? 10_000 : 240_000);
    clearInterval(timer);
    const connections = cable.connections;
    const rows = station.state.last;
    await broughtUp(station, rows, 90_000);
    await station.stop();
    await runFirmware(round, plant, cable.url, ['--parts', '5']);
    return [
      // The waits between them grow to a minute: 2, 4, 8 and 16 seconds at most for the first four.
      atLeast('times that the station came back', connections - 1, round.short ? 1 : 6),
      equals('rows given up', foldedAt(plant), 0),
      ...(await auditFirmware(round, plant)),
    ];
  },
};

/** Thousands of rows without a broker; then it comes and everything drains through one station. */
const offline: FirmwareScenario = {
  name: 'offline, then drained',
  run: async (round) => {
    const parts = round.short ? 3000 : 20_000;
    const plant = firmwarePlant(round, round.short ? 600 : 4000);
    const broker = await Mosquitto.start(round);
    await runFirmware(round, plant, broker.url, ['--parts', `${parts}`, '--rate', '100000', '--hold']);
    await startReceiver(round, plant, broker.url);
    await runFirmware(round, plant, broker.url, ['--parts', '5']);
    return [
      atLeast('rows drained', storedRows(plant.witness).length, parts),
      equals('rows given up', foldedAt(plant), 0),
      ...(await auditFirmware(round, plant)),
    ];
  },
};

/** The flash is full several times over, with power cuts of the process in between: the oldest rows arrive as counts. */
const full: FirmwareScenario = {
  name: 'full flash',
  run: async (round) => {
    const plant = firmwarePlant(round, 16);
    const broker = await Mosquitto.start(round);
    await startReceiver(round, plant, broker.url);
    await runFirmware(round, plant, broker.url, ['--parts', '40', '--rate', '400']);
    const random = randomOf(round.seed, 3);
    const lives = round.short ? 4 : 20;
    for (let life = 0; life < lives; life += 1) {
      const station = new FirmwareStation(round, plant, broker.url, ['--rate', '1000', '--hold']);
      await until(() => station.state.last > 0, 'that it records', 20_000);
      await moment(100 + random() * 500);
      await station.kill();
    }
    const rows = storedRows(plant.witness).length;
    await runFirmware(round, plant, broker.url, ['--parts', '5']);
    return [
      atLeast('rows stored', rows, 300),
      atLeast('rows that arrived as counts', foldedAt(plant), 100),
      equals('of them without a name', unnamedAt(plant), 0),
      ...(await auditFirmware(round, plant, { kills: lives })),
    ];
  },
};

/** The flash is put back from an older image, and goes on from there under another epoch. */
const restored: FirmwareScenario = {
  name: 'restored flash image',
  run: async (round) => {
    const plant = firmwarePlant(round);
    const broker = await Mosquitto.start(round);
    await startReceiver(round, plant, broker.url);
    const run = (parts: number) => runFirmware(round, plant, broker.url, ['--parts', `${parts}`, '--rate', '200']);
    await run(80);
    cpSync(plant.flash, `${plant.flash}.image`);
    await run(120);
    cpSync(`${plant.flash}.image`, plant.flash);
    await run(60);
    // Twice from the same image: two branches from one parent.
    cpSync(`${plant.flash}.image`, plant.flash);
    await run(40);
    const checks = await auditFirmware(round, plant);
    const epochs = epochsAt(plant);
    return [atLeast('epochs at the receiver', epochs, 3), equals('in quarantine', quarantinedAt(plant), 0), ...checks];
  },
};

/** The wall clock jumps by days and years while parts are recorded and sent. */
const clockSteps: FirmwareScenario = {
  name: 'clock steps',
  run: async (round) => {
    const plant = firmwarePlant(round);
    const broker = await Mosquitto.start(round);
    await startReceiver(round, plant, broker.url);
    const parts = round.short ? '400' : '5000';
    await runFirmware(round, plant, broker.url, ['--parts', parts, '--rate', '200', '--clock-steps']);
    return [atLeast('rows', storedRows(plant.witness).length, Number(parts)), ...(await auditFirmware(round, plant))];
  },
};

/** Those that take longest come first: some run at once. */
export const firmwareScenarios: readonly FirmwareScenario[] = [
  cuts,
  forgetful,
  killed,
  overrun,
  offline,
  full,
  restored,
  repeated,
  clockSteps,
];
