import type { CommandModule } from 'yargs';

/** `linegate status`. */
export const statusCommand: CommandModule<object, { state: string; json: boolean }> = {
  command: 'status',
  describe: 'say how the station is, and which alarms stand; exit status 1 when one does or no station runs',
  builder: (y) =>
    y
      .option('state', {
        type: 'string',
        requiresArg: true,
        default: 'state',
        describe: 'the state folder of the station',
      })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON document' }),
  handler: async (args) => {
    const { status } = await import('../status.ts');
    await status(args);
  },
};
