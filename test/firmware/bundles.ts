import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { manifestSchema } from '../../agent/core/recipe.ts';
import { firmwareFiles } from '../../tools/quantize/firmware/bundle.ts';
import { spread } from '../../tools/quantize/images/list.ts';
import type { TfliteModel } from '../../tools/quantize/tflite/model.ts';
import { readTflite } from '../../tools/quantize/tflite/read.ts';
import { type Check, equals } from '../faults/check.ts';
import { compareWith } from '../oracles/compare.ts';
import { runTflm } from '../oracles/tflm.ts';

const models = path.join(import.meta.dirname, '../../models/int8');
const goldens = path.join(import.meta.dirname, '../golden/firmware');
const storedSchema = z.strictObject({ sha256: z.string(), outputs: z.array(z.array(z.array(z.int()))) });
/** As tools/quantize/bundle/esp.ts takes of a bundle's golden pictures. */
const FIRMWARE_PICTURES = 3;

/** A model of this project with its firmware component. */
export interface EspBundle {
  readonly name: string;
  /** Of model.h and the others. */
  readonly component: string;
  readonly model: TfliteModel;
  /** Of its golden vectors: uint8 [height, width, channels]. */
  readonly pictures: readonly Uint8Array[];
}

/** Every model under models/int8. Throws where one has no TFLite file or no component. */
export function espBundles(): EspBundle[] {
  return globSync('*/manifest.json', { cwd: models }).map((file) => bundleIn(path.dirname(file)));
}

function bundleIn(name: string): EspBundle {
  const folder = path.join(models, name);
  const pictures = globSync('golden/*.bin', { cwd: folder }).toSorted();
  return {
    name,
    component: path.join(folder, 'esp'),
    model: readTflite(readFileSync(path.join(folder, 'model.tflite'))),
    pictures: pictures.map((file) => readFileSync(path.join(folder, file))),
  };
}

/**
 * The simulator on the golden pictures against TensorFlow Lite Micro: its interpreter where it is present, else what it gave for
 * this very file. WRITE_GOLDEN=tflm writes that anew.
 */
export function bundleScores({ name, model, pictures }: EspBundle, present: boolean): Check {
  const id = `firmware.model.${name}.scores`;
  const inputs = pictures.map((picture) => Int8Array.from(picture, (pixel) => pixel - 128));
  const sha256 = manifestOf(name).tflite?.sha256 ?? '';
  const file = path.join(goldens, `${name}.json`);
  if (present && process.env['WRITE_GOLDEN'] === 'tflm') {
    const outputs = runTflm(model, inputs).outputs.map((each) => each.map((output) => [...output]));
    writeFileSync(file, `${JSON.stringify({ sha256, outputs })}\n`);
  }
  const stored = storedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  if (stored.sha256 !== sha256) return equals(id, `stored outputs are of another file, ${stored.sha256}`, sha256);
  const given = stored.outputs.map((outputs) => outputs.map((output) => Int8Array.from(output)));
  const { numbers, mismatches } = compareWith(model, inputs, present ? runTflm(model, inputs).outputs : given);
  const by = present ? 'its interpreter here' : 'its stored outputs';
  return {
    ...equals(id, mismatches, 0),
    value: `${mismatches} of ${numbers} differ from TensorFlow Lite Micro (${by})`,
  };
}

/** Whether the component is what the quantiser makes of the TFLite file and the manifest. */
export function bundleFiles({ name, component, model, pictures }: EspBundle): Check {
  const { version, labels, preprocess, decision } = manifestOf(name);
  const recipe = { name, version, labels, preprocess, decision };
  const wanted = firmwareFiles(recipe, model, spread(pictures, FIRMWARE_PICTURES));
  const others = [...wanted].filter(([file, text]) => readFileSync(path.join(component, file), 'utf8') !== text);
  return equals(`firmware.model.${name}.files`, others.map(([file]) => file).join(' '), '');
}

function manifestOf(name: string): z.infer<typeof manifestSchema> {
  return manifestSchema.parse(JSON.parse(readFileSync(path.join(models, name, 'manifest.json'), 'utf8')));
}
