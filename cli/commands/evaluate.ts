import type { CommandModule } from 'yargs';
import { LinegateError } from '../../agent/core/errors.ts';

interface EvaluateArguments {
  recipe: string;
  images: string;
  manifest: string | undefined;
  'max-false-rejects': number;
  'max-escapes': number;
  report: string | undefined;
  state: string;
  json: boolean;
}

/** `linegate evaluate`. */
export const evaluateCommand: CommandModule<object, EvaluateArguments> = {
  command: 'evaluate',
  describe: 'measure a recipe on labelled pictures: errors with intervals, thresholds for a budget, a report',
  builder: (y) =>
    y
      .option('recipe', { type: 'string', demandOption: true, describe: 'name or folder of a recipe' })
      .option('images', {
        type: 'string',
        demandOption: true,
        describe: 'folder with one folder of pictures per label, or with a manifest.csv',
      })
      .option('manifest', {
        type: 'string',
        describe: 'CSV with file, class and group (one tray, batch or part), for those pictures only',
      })
      .option('max-false-rejects', {
        type: 'string',
        default: '1%',
        coerce: shareOf('max-false-rejects'),
        describe: 'the most good parts that may be stopped: finds the threshold and what it costs',
      })
      .option('max-escapes', {
        type: 'string',
        default: '0.1%',
        coerce: shareOf('max-escapes'),
        describe: 'the most defective parts that may pass: finds the threshold and what it costs',
      })
      .option('report', { type: 'string', describe: 'HTML file to write: one page to read, print and keep' })
      .option('state', { type: 'string', default: 'state', describe: 'state folder, for the recipes installed in it' })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON document' })
      .example('$0 evaluate --recipe coffee-bean --images pictures --report beans.html', '')
      .example('$0 evaluate --recipe coffee-bean --images pictures --manifest heldout.csv --max-escapes 0.5%', ''),
  handler: async (args) => {
    const { evaluateRecipe } = await import('../evaluate.ts');
    await evaluateRecipe(args);
  },
};

/** Reads `1%` or `0.01`. */
function shareOf(option: string): (text: string) => number {
  return (text) => {
    const [, digits, sign] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(String(text).trim()) ?? [];
    const share = Number(digits) / (sign === '%' ? 100 : 1);
    if (share >= 0 && share < 1) return share;
    throw new LinegateError('bad-argument', `--${option} is "${text}"; give a share such as 1% or 0.01, below 100%.`);
  };
}
