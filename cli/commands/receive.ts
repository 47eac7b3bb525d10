import type { CommandModule } from 'yargs';
import { LinegateError } from '../../agent/core/errors.ts';

interface ReceiveArguments {
  mqtt: string | undefined;
  broker: number | undefined;
  'mqtt-version': '3.1.1' | '5';
  db: string;
  verify: boolean;
  json: boolean;
}

/** `linegate receive`. */
export const receiveCommand: CommandModule<object, ReceiveArguments> = {
  command: 'receive',
  describe: 'take the records of stations from a broker, commit them to SQLite, then acknowledge them',
  builder: (y) =>
    y
      .option('db', { type: 'string', demandOption: true, describe: 'the SQLite file; made when it is not there' })
      .option('mqtt', { type: 'string', describe: 'the broker, such as mqtt://user:password@host:1883' })
      .option('broker', { type: 'number', describe: 'run a broker of its own on this port of this computer instead' })
      .option('mqtt-version', {
        // Without the type it would be a number when it is 5.
        type: 'string',
        choices: ['3.1.1', '5'] as const,
        default: '3.1.1' as const,
        describe: 'what it speaks with the broker',
      })
      .option('verify', {
        type: 'boolean',
        default: false,
        describe: 'prove instead that the file holds every record exactly once, unchanged',
      })
      .option('json', { type: 'boolean', default: false, describe: 'with --verify: one JSON document' })
      .requiresArg(['db', 'mqtt', 'broker', 'mqtt-version'])
      .check(checkArguments)
      .example('$0 receive --mqtt mqtt://localhost --db plant.db', 'until Ctrl-C')
      .example('$0 receive --db plant.db --verify', 'one line for each station'),
  handler: async (args) => {
    const { receive, verify } = await import('../receive.ts');
    if (args.verify) verify(args.db, args.json);
    else await receive({ ...args, version: args['mqtt-version'] });
  },
};

function checkArguments({ mqtt, broker, verify, json, 'mqtt-version': version }: ReceiveArguments): true {
  if (json && !verify)
    throw wrong('The option --json goes with --verify: a receiver that runs has no end and no document.');
  if (verify && (mqtt !== undefined || broker !== undefined)) {
    throw wrong('The option --verify reads the file alone: leave out --mqtt and --broker.');
  }
  if (verify) return true;
  if ((mqtt === undefined) === (broker === undefined)) {
    throw wrong('Say where the records come from: either --mqtt with the URL of a broker, or --broker with a port.');
  }
  if (broker !== undefined && !(Number.isInteger(broker) && broker >= 0 && broker <= 65_535)) {
    throw wrong(`The option --broker is ${broker}: give a port from 1 to 65535, or 0 for a free one.`);
  }
  if (broker !== undefined && version === '5') {
    throw wrong('The broker that comes with linegate speaks MQTT 3.1.1 only: leave out --mqtt-version, or use --mqtt.');
  }
  return true;
}

function wrong(sentence: string): LinegateError {
  return new LinegateError('bad-argument', sentence);
}
