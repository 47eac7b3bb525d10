import type { CommandModule } from 'yargs';

interface RunArguments {
  config: string;
}

/** `linegate run`. */
export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run',
  describe: 'run the station that a station.yaml describes, until it is stopped',
  builder: (y) =>
    y
      .option('config', { type: 'string', demandOption: true, describe: 'the station.yaml' })
      .requiresArg('config')
      .example('$0 run --config station.yaml', ''),
  handler: async (args) => {
    const { run } = await import('../run.ts');
    await run(args.config);
  },
};
