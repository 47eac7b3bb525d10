import type { CommandModule } from 'yargs';
import { LinegateError } from '../../agent/core/errors.ts';

interface StateArguments {
  state: string;
}

const stateOption = {
  type: 'string',
  requiresArg: true,
  default: 'state',
  describe: 'the state folder of the station',
} as const;

const tailCommand: CommandModule<object, StateArguments & { lines: number; follow: boolean; json: boolean }> = {
  command: 'tail',
  describe: 'print the last records',
  builder: (y) =>
    y
      .option('state', stateOption)
      .option('lines', { alias: 'n', type: 'number', default: 20, describe: 'how many' })
      .option('follow', { alias: 'f', type: 'boolean', default: false, describe: 'go on with what comes' })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON document' })
      .requiresArg('lines')
      .check(({ lines, follow, json }) => {
        if (!Number.isSafeInteger(lines) || lines < 0)
          throw new LinegateError('bad-argument', `The option --lines is ${lines}: give a whole number, 0 or more.`);
        if (follow && json)
          throw new LinegateError('bad-argument', 'A JSON document has an end: leave out --follow or --json.');
        return true;
      }),
  handler: async (args) => {
    const { tail } = await import('../ledger.ts');
    await tail(args);
  },
};

const verifyCommand: CommandModule<object, StateArguments & { json: boolean }> = {
  command: 'verify',
  describe: 'prove that the ledger is whole: no gap, no double, no open record without an explanation',
  builder: (y) =>
    y.option('state', stateOption).option('json', { type: 'boolean', default: false, describe: 'one JSON document' }),
  handler: async (args) => {
    const { verify } = await import('../ledger.ts');
    await verify(args);
  },
};

const exportCommand: CommandModule<object, StateArguments & { format: 'csv' | 'jsonl' }> = {
  command: 'export',
  describe: 'write all records to standard output',
  builder: (y) =>
    y
      .option('state', stateOption)
      .option('format', {
        choices: ['csv', 'jsonl'] as const,
        default: 'csv' as const,
        describe: 'CSV or a JSON line a row',
      })
      .example('$0 ledger export --format csv > records.csv', ''),
  handler: async (args) => {
    const { exportRows } = await import('../ledger.ts');
    await exportRows(args);
  },
};

/** `linegate ledger tail|verify|export`. */
export const ledgerCommand: CommandModule = {
  command: 'ledger',
  describe: 'read the station’s records',
  builder: (y) =>
    y
      .command(tailCommand)
      .command(verifyCommand)
      .command(exportCommand)
      .demandCommand(1, 'Say what to do with the ledger: tail, verify or export.'),
  handler: () => {},
};
