import { Mosquitto } from '../../support/mosquitto.ts';
import { ackedAt, auditBoth, drained, recordedAt, rowsAt } from '../audit.ts';
import { Cable } from '../cable.ts';
import { atLeast, type Scenario } from '../check.ts';
import { forgetfulBroker } from '../forgetful.ts';
import { plantIn, receiverOf, runStation, stationOf, until } from '../plant.ts';

/** A broker that acknowledges and then forgets three messages in ten, of both directions. */
export const forgetful: Scenario = {
  name: 'broker forgets after PUBACK',
  timeoutMs: () => 240_000,
  run: async (round) => {
    const plant = plantIn(round);
    const { url, remember } = await forgetfulBroker(round, round.seed, 0.3);
    receiverOf(round, plant, url);
    // One station brings everything up: the next one would begin anew, with all that is not acknowledged.
    const station = stationOf(round, plant, url, ['--parts', '0', '--speed', '50']);
    const rows = round.short ? 400 : 4000;
    await until(() => recordedAt(plant) >= rows, `that ${rows} rows are recorded`, 120_000);
    await until(() => ackedAt(plant) >= rows, `that ${rows} rows come up through one station`, 120_000);
    station.kill('SIGINT');
    const { exitCode, stderr } = await station.ended;
    if (exitCode !== 0) throw new Error(`the station ended with ${exitCode}: ${stderr.slice(-500)}`);
    remember();
    await drained(plant, 60_000, () => runStation(round, plant, url, ['--parts', '20', '--speed', '20']));
    return [atLeast('rows', rowsAt(plant), rows), ...(await auditBoth(round, plant))];
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
    const connections = cable.connections;
    await drained(plant, 120_000, () => runStation(round, plant, cable.url, ['--parts', '20', '--speed', '20']));
    return [
      atLeast('cuts', cut, seconds * 2),
      // The waits between them grow to a minute: 2, 4, 8 and 16 seconds at most for the first four.
      atLeast('times that the station came back', connections - 1, round.short ? 3 : seconds / 60),
      ...(await auditBoth(round, plant)),
    ];
  },
};
