import type { CommandModule } from 'yargs';
import { type SchemaName, schemaNames } from '../../agent/config/schema/names.ts';

/** `linegate config`. */
export const configCommand: CommandModule = {
  command: 'config <action>',
  describe: 'look at configuration files before a station does',
  builder: (y) =>
    y
      .command(checkCommand)
      .command(schemaCommand)
      .demandCommand(1, 'Say what to do with the configuration: check or schema; "linegate config --help" tells more.'),
  handler: () => undefined,
};

const checkCommand: CommandModule<object, { file: string; json: boolean }> = {
  command: 'check [file]',
  describe:
    'all that is wrong with a station.yaml and what it names, with line and column; exit status 1 when it cannot run',
  builder: (y) =>
    y
      .positional('file', { type: 'string', default: '/etc/linegate/station.yaml', describe: 'the station.yaml' })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON document' })
      .example('$0 config check station.yaml', ''),
  handler: async ({ file, json }) => {
    const { configCheck } = await import('../config.ts');
    configCheck(file, json);
  },
};

const schemaCommand: CommandModule<object, { name: SchemaName }> = {
  command: 'schema [name]',
  describe: 'the JSON Schema of a kind of file, for editors',
  builder: (y) =>
    y.positional('name', { choices: schemaNames, default: 'station' as const, describe: 'the kind of file' }),
  handler: async ({ name }) => {
    const { configSchema } = await import('../config.ts');
    configSchema(name);
  },
};
