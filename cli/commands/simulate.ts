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
      .option('faults', {
        type: 'string',
        default: 'none',
        describe:
          'what goes wrong: all, none, or names with commas between, each perhaps with a rate as in frame-lost:0.01',
      })
      .option('classifier', {
        choices: ['model', 'scripted'] as const,
        describe:
          'the recipe’s model in its process, or a script that looks at plain pictures [default: scripted for faults in virtual time, else model]',
      })
      .option('ledger', {
        choices: ['sqlite', 'memory'] as const,
        describe: 'where records go [default: memory for faults in virtual time, else sqlite]',
      })
      .option('uplink', { type: 'string', describe: 'a broker to send the records to, such as mqtt://localhost:1883' })
      .option('json', { type: 'boolean', default: false, describe: 'print the summary as one JSON document' })
      .requiresArg(['parts', 'speed', 'seed', 'recipe', 'images', 'defect-rate', 'state', 'keep', 'save'])
      .requiresArg(['faults', 'classifier', 'ledger', 'uplink'])
      .example('$0 simulate --parts 1000 --images pictures --recipe coffee-bean', 'sort your own pictures')
      .example('$0 simulate --virtual-time --parts 10000 --json', 'ten thousand parts without waiting for them')
      .example(
        '$0 simulate --virtual-time --parts 100000 --faults all',
        'a hundred thousand parts and everything that can go wrong',
      )
      .example('$0 simulate --parts 50 --save seen --defect-rate 1', 'look at what the camera sees'),
  handler: async (args) => {
    const { simulate } = await import('../simulate.ts');
    await simulate(args);
  },
};
