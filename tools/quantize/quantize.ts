import process from 'node:process';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { exitCodeOf, LinegateError, messageOf } from '../../agent/core/errors.ts';
import { readRecipeConfig } from './bundle/config.ts';
import type { ImageSource } from './images/list.ts';
import { type Progress, quantize } from './quantize-model.ts';
import { reportText } from './report/report.ts';

const parser = yargs(hideBin(process.argv))
  .scriptName('quantize')
  .usage('$0 MODEL.onnx --recipe-config FILE --calibrate DIR_OR_CSV --out DIR')
  .option('recipe-config', { type: 'string', demandOption: true, describe: 'JSON: name, labels, preprocess, data ...' })
  .option('calibrate', {
    type: 'string',
    demandOption: true,
    describe: 'pictures that give the ranges (folder or CSV)',
  })
  .option('evaluate', { type: 'string', describe: 'labelled pictures for the figures (folder or CSV)' })
  .option('thresholds', { type: 'string', describe: 'labelled pictures to choose thresholds on (folder or CSV)' })
  .option('golden', { type: 'string', describe: 'pictures for golden vectors (folder or CSV; default: made-up ones)' })
  .option('images', { type: 'string', describe: 'the folder that the CSVs name files in (default: beside each CSV)' })
  .option('out', { type: 'string', demandOption: true, describe: 'folder of the bundle' })
  .example('$0 bean.onnx --recipe-config bean.json --calibrate beans/train --out models/int8/bean', '')
  .demandCommand(1, 1)
  .strictOptions()
  .exitProcess(false)
  .fail((message, error) => {
    throw error ?? new LinegateError('bad-argument', message.replace(/\s*\n\s*/g, ' '));
  });

function showProgress({ step, done, total }: Progress): void {
  const count = done === undefined ? '' : ` ${done}/${total}`;
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${step}${count}`);
  else if (done === undefined || done === total) process.stderr.write(`${step}${count}\n`);
}

try {
  const given = await parser.parseAsync();
  const source = (location: string): ImageSource => ({ path: location, root: given.images });
  const optional = (location: string | undefined) => (location === undefined ? undefined : source(location));
  if (given._.length === 1) {
    const { report } = await quantize(
      {
        model: String(given._[0]),
        recipe: await readRecipeConfig(given.recipeConfig),
        calibrate: source(given.calibrate),
        evaluate: optional(given.evaluate),
        thresholds: optional(given.thresholds),
        golden: optional(given.golden),
        out: given.out,
      },
      showProgress,
    );
    process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : ''}${reportText(report)}\n`);
  }
} catch (error) {
  process.stderr.write(`quantize: ${messageOf(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
