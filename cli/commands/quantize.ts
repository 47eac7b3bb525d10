import { setFlagsFromString } from 'node:v8';
import type { CommandModule } from 'yargs';
import { LinegateError } from '../../agent/core/errors.ts';

interface QuantizeArguments {
  model: string;
  calibrate: string;
  out: string;
  'recipe-config': string | undefined;
  evaluate: string | undefined;
  thresholds: string | undefined;
  golden: string | undefined;
  images: string | undefined;
  observer: 'minmax' | 'percentile' | 'mse' | 'auto';
  rounding: 'nearest' | 'adaptive' | 'auto';
  act: 'u8' | 's8';
  'keep-float': string | undefined;
  'max-drop': number;
  esp: boolean;
  explain: boolean;
  json: boolean;
}

/** How integers are chosen. */
const tuningOptions = {
  observer: {
    choices: ['minmax', 'percentile', 'mse', 'auto'] as const,
    default: 'auto' as const,
    describe: 'how ranges are taken; auto keeps what follows the float model best on held-out pictures',
  },
  rounding: {
    choices: ['nearest', 'adaptive', 'auto'] as const,
    default: 'auto' as const,
    describe: 'how weights are rounded; auto does it by what each layer reads where that helps and takes no long time',
  },
  act: {
    choices: ['u8', 's8'] as const,
    default: 'u8' as const,
    describe: 'activations in model.onnx: uint8, which x86 and ARM run fastest, or int8 for what wants it',
  },
  'keep-float': {
    type: 'string',
    describe: 'layers that stay float, with commas between; --explain names those that cost most; no TFLite then',
  },
} as const;

const modelCommand: CommandModule<object, QuantizeArguments> = {
  command: '$0 <model>',
  describe: 'make an INT8 bundle of a float ONNX model',
  builder: (y) =>
    y
      .positional('model', {
        type: 'string',
        demandOption: true,
        describe: 'float .onnx file; its input is pixels / 255',
      })
      .option('calibrate', {
        type: 'string',
        demandOption: true,
        describe: 'pictures that give the ranges: a folder with one folder per label, or a CSV with file and class',
      })
      .option('out', { type: 'string', demandOption: true, describe: 'folder of the bundle' })
      .option('recipe-config', {
        type: 'string',
        describe: 'JSON: name, labels, preprocess, data ...; without it they are read from the model and the folders',
      })
      .option('evaluate', { type: 'string', describe: 'labelled pictures for the figures, unseen before' })
      .option('thresholds', { type: 'string', describe: 'labelled pictures to choose thresholds on' })
      .option('golden', { type: 'string', describe: 'pictures for golden vectors (default: made-up ones)' })
      .option('images', { type: 'string', describe: 'folder that the CSVs name files in (default: beside each CSV)' })
      .options(tuningOptions)
      .option('max-drop', {
        type: 'number',
        default: 0.5,
        describe: 'the most points of accuracy that may be lost on --evaluate; beyond it no bundle is written',
      })
      .option('esp', { type: 'boolean', default: false, describe: 'also write the model component of the firmware' })
      .option('explain', { type: 'boolean', default: false, describe: 'also say what each pass did to the graph' })
      .option('json', { type: 'boolean', default: false, describe: 'the report as one JSON document' })
      .requiresArg([
        'calibrate',
        'out',
        'recipe-config',
        'evaluate',
        'thresholds',
        'golden',
        'images',
        'max-drop',
        'keep-float',
      ])
      .check(({ maxDrop }) => {
        if (typeof maxDrop === 'number' && maxDrop >= 0 && maxDrop <= 100) return true;
        throw new LinegateError('bad-argument', `The option --max-drop is ${maxDrop}: give points from 0 to 100.`);
      })
      .example('$0 quantize bean.onnx --calibrate beans/train --evaluate beans/test --out models/int8/bean', '')
      .example('$0 quantize --measure models/int8/bean', 'time a bundle beside float on this device'),
  handler: async (args) => {
    growFreely();
    const { quantizeModel } = await import('../quantize.ts');
    await quantizeModel(args);
  },
};

/** A station's Node collects its garbage early, for it runs for months; that takes a twentieth of this command's time. */
function growFreely(): void {
  setFlagsFromString('--heap-growing-percent=0');
}

interface SimulateArguments {
  bundle: string;
  images: string;
  root: string | undefined;
  json: boolean;
}

const simulateCommand: CommandModule<object, SimulateArguments> = {
  command: 'simulate <bundle>',
  describe: 'predict to the last bit what the ESP32 will say to pictures',
  builder: (y) =>
    y
      .positional('bundle', {
        type: 'string',
        demandOption: true,
        describe: 'folder with manifest.json and model.tflite',
      })
      .option('images', {
        type: 'string',
        demandOption: true,
        describe: 'pictures: a folder with one folder per label, or a CSV with file and class',
      })
      .option('root', { type: 'string', describe: 'folder that a CSV names files in (default: beside it)' })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON document' })
      .requiresArg(['images', 'root'])
      .example('$0 quantize simulate models/int8/bean --images beans/test', ''),
  handler: async (args) => {
    const { simulateBundle } = await import('../quantize-simulate.ts');
    await simulateBundle(args);
  },
};

interface MeasureArguments {
  measure: string;
  json: boolean;
}

/** Asked for by an option, as `linegate quantize --measure BUNDLE`. */
const measureCommand: CommandModule<object, MeasureArguments> = {
  command: '$0',
  describe: 'time a bundle beside float, on this device',
  builder: (y) =>
    y
      .option('measure', { type: 'string', demandOption: true, describe: 'folder of a bundle, timed on this device' })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON document' })
      .requiresArg('measure'),
  handler: async ({ measure, json }) => {
    const { measureOnDevice } = await import('../quantize-measure.ts');
    await measureOnDevice({ bundle: measure, json });
  },
};

/** An option decides which command it is, which yargs has no word for. */
function asksToMeasure(words: readonly string[]): boolean {
  return words.some((word) => word === '--measure' || word.startsWith('--measure='));
}

/** `linegate quantize MODEL`, `linegate quantize simulate` and `linegate quantize --measure BUNDLE`. */
export const quantizeCommand: CommandModule = {
  command: 'quantize',
  describe: 'make an INT8 bundle of a float ONNX model and a folder of pictures',
  builder: (y) =>
    asksToMeasure(process.argv) ? y.command(measureCommand) : y.command(modelCommand).command(simulateCommand),
  handler: () => {},
};
