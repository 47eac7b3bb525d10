import type { CommandModule } from 'yargs';

interface Arguments {
  station: string;
  only: string | undefined;
  json: boolean;
  'lateness-seconds': number;
  'yes-the-line-is-stopped': boolean;
}

/** `linegate commission`. */
export const commissionCommand: CommandModule<object, Arguments> = {
  command: 'commission',
  describe: 'measure where the gate is and how it moves, step by step at the line, and write the calibration',
  builder: (y) =>
    y
      .option('station', {
        type: 'string',
        requiresArg: true,
        default: 'station.yaml',
        describe: 'the station’s configuration',
      })
      .option('only', { type: 'string', requiresArg: true, describe: 'one step by its name' })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'the figures as one JSON document on standard output; the steps on standard error',
      })
      .option('lateness-seconds', {
        type: 'number',
        requiresArg: true,
        default: 30,
        describe: 'how long this device’s own lateness is measured',
      })
      .option('yes-the-line-is-stopped', {
        type: 'boolean',
        default: false,
        describe: 'the line is stopped and the gate free: do not ask before it moves',
      })
      .example('$0 commission --only delay', ''),
  handler: async (args) => {
    const { commission } = await import('../commission.ts');
    const { station, only, json } = args;
    const saidStopped = args['yes-the-line-is-stopped'];
    await commission({ station, only, json, saidStopped, seconds: args['lateness-seconds'] });
  },
};
