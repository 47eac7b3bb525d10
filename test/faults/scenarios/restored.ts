import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Mosquitto } from '../../support/mosquitto.ts';
import { auditBoth, drained, epochsAt } from '../audit.ts';
import { atLeast, type Scenario } from '../check.ts';
import { plantIn, receiverOf, runStation } from '../plant.ts';

/** The station's card is restored from an old image, and goes on from there. */
export const restored: Scenario = {
  name: 'restored ledger file',
  timeoutMs: () => 180_000,
  run: async (round) => {
    const plant = plantIn(round);
    const broker = await Mosquitto.start(round);
    receiverOf(round, plant, broker.url);
    const image = path.join(round.folder, 'image');
    const run = (parts: number): Promise<unknown> =>
      runStation(round, plant, broker.url, ['--parts', `${parts}`, '--speed', '50']);
    await run(150);
    await drained(plant, 60_000);
    cpSync(plant.state, image, { recursive: true });
    await run(200);
    await drained(plant, 60_000);
    rmSync(plant.state, { recursive: true });
    cpSync(image, plant.state, { recursive: true });
    await run(100);
    await drained(plant, 60_000, () => run(20));
    return [atLeast('epochs at the receiver', await epochsAt(plant), 2), ...(await auditBoth(round, plant))];
  },
};
