// The station as it runs, with the frame handed over in memory: node station-role.ts RECIPE FOLDER PRESET
import { BenchStation, PRESETS } from './bench-station.ts';
import { rawFrame } from './frames.ts';
import { readResources } from './resources.ts';
import { nowNs, paced, serve } from './serve.ts';

const [, , recipeFolder = '', stateFolder = '', preset = ''] = process.argv;
const station = new BenchStation(recipeFolder, stateFolder, preset === 'dense' ? PRESETS.dense : PRESETS.usual);
const frames = { nv12: rawFrame('nv12'), rgb: rawFrame('rgb') };
await station.start();

/** Parts in the pipeline at once: one is preprocessed while the model runs the one before. */
const AT_ONCE = 3;

await serve({
  paced: async ({ count, perSecond, format, rejectEvery }) => {
    station.begin(frames[format]);
    await paced(count, perSecond, (turn) => {
      station.trigger(rejectEvery > 0 && turn % rejectEvery === rejectEvery - 1);
    });
    return station.result(count);
  },
  'flat-out': async ({ parts }) => {
    station.begin(frames.nv12);
    const startNs = nowNs();
    for (let part = 0; part < parts; part += 1) {
      await station.untilOpen(AT_ONCE - 1);
      await station.triggerSoon();
    }
    await station.untilOpen(0);
    const seconds = (nowNs() - startNs) / 1e9;
    const { missing } = await station.result(parts);
    return { partsPerSecond: (parts - missing) / seconds };
  },
  resources: () => Promise.resolve(readResources()),
});
await station.stop();
process.exit(0);
