import type { CommandModule } from 'yargs';
import { LinegateError } from '../../agent/core/errors.ts';

interface ReplayArguments {
  recipe: string;
  since: string | undefined;
  state: string;
  thresholds: string[] | undefined;
  parts: number | undefined;
  json: boolean;
  sheet: string | undefined;
}

/** `linegate replay`. */
export const replayCommand: CommandModule<object, ReplayArguments> = {
  command: 'replay',
  describe: 'run the stored pictures through another recipe or other thresholds: which verdicts would change',
  builder: (y) =>
    y
      .option('recipe', { type: 'string', demandOption: true, describe: 'name, name@version or folder of a recipe' })
      .option('since', {
        type: 'string',
        describe: 'only parts since then: 30m, 24h, 7d, or a time such as 2026-01-31T06:00',
      })
      .option('state', { type: 'string', default: 'state', describe: 'the state folder of the station' })
      .option('thresholds', {
        type: 'string',
        array: true,
        describe: 'other thresholds: label=review,reject ..., or a file with minimumOk and thresholds',
      })
      .option('parts', { type: 'number', describe: 'the newest so many parts' })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON document' })
      .option('sheet', { type: 'string', describe: 'PNG file for a contact sheet of the parts that change' })
      .requiresArg(['recipe', 'since', 'state', 'thresholds', 'parts', 'sheet'])
      .check(({ parts }) => {
        if (parts === undefined || (Number.isSafeInteger(parts) && parts > 0)) return true;
        throw new LinegateError('bad-argument', `The option --parts is ${parts}: give a whole number, 1 or more.`);
      })
      .example('$0 replay --recipe coffee-bean --since 24h', 'what would the new recipe have done since yesterday?')
      .example('$0 replay --recipe machined-ring --thresholds scratch=0.2,0.4 --sheet changed.png', ''),
  handler: async (args) => {
    const { replay } = await import('../replay.ts');
    await replay(args);
  },
};
