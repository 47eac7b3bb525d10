import { setTimeout as moment } from 'node:timers/promises';
import { type Random, randomOf } from '../../../agent/core/render/prng.ts';
import type { Cli } from '../../support/cli.ts';
import { Mosquitto } from '../../support/mosquitto.ts';
import { childrenOf } from '../../support/processes.ts';
import { auditBoth, drained, recordedAt, rowsAt } from '../audit.ts';
import { atLeast, type Check, type Round, type Scenario } from '../check.ts';
import { type Plant, plantIn, receiverOf, stationOf, until } from '../plant.ts';
import { Witness } from '../witness.ts';

const victims = ['station', 'classifier', 'receiver', 'broker'] as const;

/** kill -9 of all four parts at random moments, while parts are on the belt. */
export const kills: Scenario = {
  name: 'kills',
  timeoutMs: (short) => (short ? 300_000 : 1_800_000),
  run: async (round) => {
    const broker = await Mosquitto.start(round);
    const plant = new RunningPlant(round, plantIn(round), broker);
    const killed = { station: 0, classifier: 0, receiver: 0, broker: 0 };
    const random = randomOf(round.seed, 5);
    const count = round.short ? 50 : 200;
    for (let kill = 1; kill <= count; kill += 1) {
      // Nothing can be lost before there are parts on the belt.
      await plant.atWork();
      await moment(random() * 1200);
      const victim = victims[Math.floor(random() * victims.length)] ?? 'station';
      if (await plant.kill(victim, random)) killed[victim] += 1;
      if (kill % 10 === 0) round.say(`kills: ${kill} of ${count} ${JSON.stringify(killed)}`);
    }
    await plant.finish();
    await drained(plant.plant, 120_000);
    const counts = victims.map((victim): Check => atLeast(`${victim} killed`, killed[victim], count / 10));
    const rows = atLeast('rows recorded by stations that died', rowsAt(plant.plant), 10 * killed.station);
    return [...counts, rows, ...plant.witness.audit(killed.station), ...(await auditBoth(round, plant.plant))];
  },
};

/** Everything runs, and what was killed runs again. */
class RunningPlant {
  readonly plant: Plant;
  readonly witness: Witness;
  readonly #round: Round;
  readonly #broker: Mosquitto;
  #station: Cli;
  #receiver: Cli;
  /** Rows of the stations before this one. */
  #rowsBefore = 0;

  constructor(round: Round, plant: Plant, broker: Mosquitto) {
    this.plant = plant;
    this.witness = new Witness(plant);
    this.#round = round;
    this.#broker = broker;
    this.#receiver = receiverOf(round, plant, broker.url);
    this.#station = this.#startStation();
  }

  #startStation(): Cli {
    return stationOf(this.#round, this.plant, this.#broker.url, ['--parts', '0', '--speed', '20']);
  }

  /** Waits until the station that runs has recorded some parts. */
  atWork(): Promise<void> {
    return until(() => recordedAt(this.plant) > this.#rowsBefore + 10, 'that the station records parts', 60_000);
  }

  async #restartStation(): Promise<void> {
    this.#station.killGroup('SIGKILL');
    await this.#station.ended;
    this.witness.look();
    this.#rowsBefore = rowsAt(this.plant);
    this.#station = this.#startStation();
  }

  /** False when there was nothing to kill, such as a classifier that is not up yet. */
  async kill(victim: (typeof victims)[number], random: Random): Promise<boolean> {
    switch (victim) {
      case 'station':
        await this.#restartStation();
        return true;
      case 'classifier': {
        const [model] = childrenOf(this.#station.pid, 'onnx-child');
        if (model === undefined) return false;
        process.kill(model, 'SIGKILL');
        return true;
      }
      case 'receiver':
        this.#receiver.kill('SIGKILL');
        await this.#receiver.ended;
        this.#receiver = receiverOf(this.#round, this.plant, this.#broker.url);
        return true;
      case 'broker':
        await this.#broker.kill();
        await moment(random() * 500);
        await this.#broker.up();
        return true;
    }
  }

  /** Ends in good order: one more station that goes on until all is up there. */
  async finish(): Promise<void> {
    await this.#restartStation();
    await this.atWork();
    await drained(this.plant, 60_000);
    this.#station.kill('SIGINT');
    const { exitCode, stderr } = await this.#station.ended;
    if (exitCode !== 0) throw new Error(`the last station ended with ${exitCode}: ${stderr.slice(-500)}`);
  }
}
