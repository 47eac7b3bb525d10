import { Mosquitto } from '../../support/mosquitto.ts';
import { auditBoth, drained } from '../audit.ts';
import { Cable } from '../cable.ts';
import { atLeast, type Scenario } from '../check.ts';
import { forgetfulBroker } from '../forgetful.ts';
import { plantIn, receiverOf, runStation } from '../plant.ts';

/** A broker that acknowledges and then forgets three messages in ten, of both directions. */
export const forgetful: Scenario = {
  name: 'broker forgets after PUBACK',
  timeoutMs: () => 240_000,
  run: async (round) => {
    const plant = plantIn(round);
    const url = await forgetfulBroker(round, round.seed, 0.3);
    receiverOf(round, plant, url);
    const parts = round.short ? 400 : 4000;
    await runStation(round, plant, url, ['--parts', `${parts}`, '--speed', '50']);
    await drained(plant, 120_000, () => runStation(round, plant, url, ['--parts', '20', '--speed', '20']));
    return auditBoth(round, plant);
  },
};

/** The station's connection is reset every 300 ms. */
export const cuts: Scenario = {
  name: 'TCP cut every 300 ms',
  timeoutMs: (short) => (short ? 240_000 : 5_400_000),
  run: async (round) => {
    const plant = plantIn(round);
    const broker = await Mosquitto.start(round);
    const cable = await Cable.to(round, broker.url);
    receiverOf(round, plant, broker.url);
    let cut = 0;
    const timer = setInterval(() => {
      cable.cut();
      cut += 1;
    }, 300);
    const seconds = round.short ? 30 : 3600;
    await runStation(round, plant, cable.url, ['--parts', `${seconds * 40}`, '--speed', '40']).finally(() =>
      clearInterval(timer),
    );
    await drained(plant, 120_000, () => runStation(round, plant, cable.url, ['--parts', '20', '--speed', '20']));
    return [atLeast('cuts', cut, seconds * 2), ...(await auditBoth(round, plant))];
  },
};
