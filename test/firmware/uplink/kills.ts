import { setTimeout as moment } from 'node:timers/promises';
import { randomOf } from '../../../agent/core/render/prng.ts';
import { atLeast, type Check, equals } from '../../faults/check.ts';
import { receiverOf, until } from '../../faults/plant.ts';
import { Mosquitto } from '../../support/mosquitto.ts';
import { auditFirmware, foldedAt, storedRows } from './audit.ts';
import { type FirmwarePlant, type FirmwareRound, type FirmwareScenario, firmwarePlant } from './plant.ts';
import { FirmwareStation } from './station.ts';

const victims = ['firmware', 'receiver', 'broker'] as const;

/** kill -9 of the firmware's process, the receiver and the broker at random moments, while rows are written. */
export const killed: FirmwareScenario = {
  name: 'kills',
  run: async (round) => {
    const plant = firmwarePlant(round, round.short ? 256 : 2048);
    const running = new Running(round, plant, await Mosquitto.start(round));
    const random = randomOf(round.seed, 5);
    const deaths = { firmware: 0, receiver: 0, broker: 0 };
    const count = round.short ? 18 : 200;
    for (let kill = 1; kill <= count; kill += 1) {
      await moment(random() * 700);
      // Each of them, and the firmware half of the times.
      const victim = random() < 0.5 ? 'firmware' : (victims[Math.floor(random() * 3)] ?? 'firmware');
      await running.kill(victim, random() * 400);
      deaths[victim] += 1;
      if (kill % 20 === 0) round.say(`kills: ${kill} of ${count} ${JSON.stringify(deaths)}`);
    }
    await running.finish();
    const least = round.short ? 1 : count / 10;
    return [
      ...victims.map((victim): Check => atLeast(`${victim} killed`, deaths[victim], least)),
      atLeast('rows stored', storedRows(plant.witness).length, 10 * deaths.firmware),
      equals('rows given up', foldedAt(plant), 0),
      ...(await auditFirmware(round, plant, { kills: deaths.firmware })),
    ];
  },
};

/** Everything runs, and what was killed runs again. */
class Running {
  readonly #round: FirmwareRound;
  readonly #plant: FirmwarePlant;
  readonly #broker: Mosquitto;
  #station: FirmwareStation;

  constructor(round: FirmwareRound, plant: FirmwarePlant, broker: Mosquitto) {
    this.#round = round;
    this.#plant = plant;
    this.#broker = broker;
    receiverOf(round, plant, broker.url);
    this.#station = this.#start();
  }

  #start(): FirmwareStation {
    return new FirmwareStation(this.#round, this.#plant, this.#broker.url, ['--rate', '60']);
  }

  async kill(victim: (typeof victims)[number], pauseMs: number): Promise<void> {
    if (victim === 'firmware') {
      const station = this.#station;
      await until(() => station.state.last > 0, 'that the firmware records', 30_000);
      await moment(pauseMs);
      await station.kill();
      this.#station = this.#start();
    } else if (victim === 'receiver') {
      const [receiver] = this.#plant.receivers.splice(0);
      receiver?.kill('SIGKILL');
      await receiver?.ended;
      receiverOf(this.#round, this.#plant, this.#broker.url);
    } else {
      await this.#broker.kill();
      await moment(pauseMs);
      await this.#broker.up();
    }
  }

  /** Ends in good order, with all up there. */
  async finish(): Promise<void> {
    await this.#station.kill();
    const last = new FirmwareStation(this.#round, this.#plant, this.#broker.url, ['--parts', '20', '--rate', '60']);
    const late = setTimeout(() => void last.kill(), 120_000);
    await last.finished().finally(() => clearTimeout(late));
  }
}
