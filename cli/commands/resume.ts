import type { CommandModule } from 'yargs';

interface ResumeArguments {
  state: string;
  'belt-empty': boolean;
  why: string | undefined;
}

/** `linegate resume`. */
export const resumeCommand: CommandModule<object, ResumeArguments> = {
  command: 'resume',
  describe: 'let a stopped line go on; for somebody who stands at the line and has looked',
  builder: (y) =>
    y
      .option('state', {
        type: 'string',
        requiresArg: true,
        default: 'state',
        describe: 'the state folder of the station',
      })
      .option('belt-empty', {
        type: 'boolean',
        default: false,
        describe: 'no part lies between photo-eye and gate: what stands against ready because of such parts is over',
      })
      .option('why', {
        type: 'string',
        requiresArg: true,
        describe: 'what was done, for the ledger; one line of at most 200 characters',
      }),
  handler: async ({ state, 'belt-empty': beltEmpty, why }) => {
    const { resume } = await import('../resume.ts');
    await resume(state, { beltEmpty, why: why ?? null });
  },
};
