import type { CommandModule } from 'yargs';
import type { SimulateOptions } from '../simulate.ts';

/** The options as they are written on the command line; yargs adds the camel-case names. */
type SimulateArguments = Omit<SimulateOptions, 'defectRate' | 'virtualTime'> & {
  'defect-rate': number;
  'virtual-time': boolean;
};

/** `linegate simulate`. */
export const simulateCommand: CommandModule<object, SimulateArguments> = {
  command: 'simulate',
  describe: 'run the station on a simulated line, which judges it by what happened to each part',
  builder: (y) =>
    y
      .option('parts', {
        type: 'number',
        describe: 'parts to send; 0 goes on until Ctrl-C [default: 0 in a terminal, else 300]',
      })
      .option('speed', { type: 'number', default: 10, describe: 'parts a second' })
      .option('seed', { type: 'number', default: 1, describe: 'the same seed sends the same parts' })
      .option('recipe', { type: 'string', default: 'machined-ring', describe: 'name or folder of a recipe' })
      .option('images', {
        type: 'string',
        describe: 'folder with one folder of pictures per label, instead of rendered rings',
      })
      .option('defect-rate', { type: 'number', default: 0.2, describe: 'share of defective parts, 0 to 1' })
      .option('state', { type: 'string', default: 'state', describe: 'folder for ledger and pictures' })
      .option('keep', {
        choices: ['all', 'rejects', 'none'] as const,
        default: 'rejects' as const,
        describe: 'which pictures stay with their records',
      })
      .option('save', { type: 'string', describe: 'folder for the picture of every part, by its true label' })
      .option('virtual-time', { type: 'boolean', default: false, describe: 'as fast as it goes, repeatable' })
      .option('json', { type: 'boolean', default: false, describe: 'print the summary as one JSON document' })
      .requiresArg(['parts', 'speed', 'seed', 'recipe', 'images', 'defect-rate', 'state', 'keep', 'save'])
      .example('$0 simulate --parts 1000 --images pictures --recipe coffee-bean', 'sort your own pictures')
      .example('$0 simulate --virtual-time --parts 10000 --json', 'ten thousand parts without waiting for them')
      .example('$0 simulate --parts 50 --save seen --defect-rate 1', 'look at what the camera sees'),
  handler: async (args) => {
    const { simulate } = await import('../simulate.ts');
    await simulate(args);
  },
};
