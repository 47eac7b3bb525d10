// The bare model: `session.run` on one tensor, in a process that does nothing else. node bare-role.ts RECIPE
import { readFile } from 'node:fs/promises';
import { loadRecipe } from '../../agent/config/recipe.ts';
import { Preprocessor } from '../../agent/core/preprocess/preprocess.ts';
import { openSession, pictureTensor } from '../../tools/quantize/calibrate/session.ts';
import { rawFrame } from './frames.ts';
import { nowNs, paced, serve } from './serve.ts';

const recipe = loadRecipe(process.argv[2] ?? '');
const { preprocess, model } = recipe.manifest;
const session = await openSession(await readFile(recipe.modelFile));
const pixels = Preprocessor.create(preprocess).run(rawFrame('nv12'));
const feeds = { [model.input.name]: pictureTensor(pixels, [1, preprocess.heightPx, preprocess.widthPx, 3]) };
for (let turn = 0; turn < 20; turn += 1) await session.run(feeds);

await serve({
  paced: async ({ count, perSecond }) => {
    const verdictNs: number[] = [];
    await paced(count, perSecond, async () => {
      const startNs = nowNs();
      await session.run(feeds);
      verdictNs.push(nowNs() - startNs);
    });
    return { verdictNs, durableNs: { pass: [], reject: [] }, missing: 0 };
  },
  'flat-out': async ({ parts }) => {
    const startNs = nowNs();
    for (let part = 0; part < parts; part += 1) await session.run(feeds);
    return { partsPerSecond: (parts * 1e9) / (nowNs() - startNs) };
  },
});
process.exit(0);
