import type { CommandModule } from 'yargs';

interface PartArguments {
  id: string;
  state: string;
  json: boolean;
  open: string | undefined;
}

/** `linegate part`. */
export const partCommand: CommandModule<object, PartArguments> = {
  command: 'part <id>',
  describe: 'tell one part’s whole story: picture, scores, thresholds, verdict, gate, who changed what before',
  builder: (y) =>
    y
      .positional('id', { type: 'string', demandOption: true, describe: 'number of the part' })
      .option('state', { type: 'string', default: 'state', describe: 'the state folder of the station' })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON document' })
      .option('open', { type: 'string', describe: 'PNG file to write the part’s picture to, to be opened or sent on' })
      .requiresArg(['state', 'open'])
      .example('$0 part 4711', 'why was part 4711 rejected?'),
  handler: async (args) => {
    const { tellPart } = await import('../part.ts');
    tellPart(args);
  },
};
