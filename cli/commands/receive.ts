import type { CommandModule } from 'yargs';
import { LinegateError } from '../../agent/core/errors.ts';

interface ReceiveArguments {
  db: string;
  mqtt: string | undefined;
  broker: number | undefined;
  'mqtt-version': '3.1.1' | '5';
  ca: string | undefined;
  cert: string | undefined;
  key: string | undefined;
  verify: boolean;
  quarantine: boolean;
  drop: number | undefined;
  reason: string | undefined;
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
      .option('ca', { type: 'string', describe: 'with mqtts: who signed the certificate of the broker, a PEM file' })
      .option('cert', { type: 'string', describe: 'with mqtts: the certificate of this receiver, a PEM file' })
      .option('key', { type: 'string', describe: 'with mqtts: the key of that certificate, a PEM file' })
      .option('verify', {
        type: 'boolean',
        default: false,
        describe: 'prove instead that the file holds every record exactly once, unchanged',
      })
      .option('quarantine', { type: 'boolean', default: false, describe: 'list instead the batches that did not fit' })
      .option('drop', { type: 'number', describe: 'drop instead the batch with this number from quarantine' })
      .option('reason', { type: 'string', describe: 'with --drop: why, for those who look later' })
      .option('json', { type: 'boolean', default: false, describe: 'with --verify or --quarantine: one JSON document' })
      .requiresArg(['db', 'mqtt', 'broker', 'mqtt-version', 'ca', 'cert', 'key', 'drop', 'reason'])
      .check(checkArguments)
      .example('$0 receive --mqtt mqtt://localhost --db plant.db', 'until Ctrl-C')
      .example('$0 receive --db plant.db --verify', 'one line for each station')
      .example('$0 receive --db plant.db --drop 3 --reason "two cards ran at once"', 'after a look at --quarantine'),
  handler: async (args) => {
    const { db, json, drop, reason = '' } = args;
    const { dropBatch, quarantine, receive, verify } = await import('../receive.ts');
    if (args.verify) verify(db, json);
    else if (args.quarantine) quarantine(db, json);
    else if (drop !== undefined) dropBatch(db, drop, reason);
    else await receive({ ...args, version: args['mqtt-version'] });
  },
};

function checkArguments(args: ReceiveArguments): true {
  const { mqtt, broker, verify, quarantine, drop, reason, json } = args;
  const asked = [verify && '--verify', quarantine && '--quarantine', drop !== undefined && '--drop'].filter(Boolean);
  if (json && !verify && !quarantine)
    throw wrong('The option --json goes with --verify or --quarantine: what runs has no end and no document.');
  if (asked.length > 1) throw wrong(`Ask for one thing at a time: ${asked.join(' or ')}.`);
  if ((drop === undefined) !== (reason === undefined)) {
    throw wrong('The options --drop and --reason belong together: which batch is dropped, and why.');
  }
  if (asked.length === 0) return checkConnection(args);
  if (mqtt !== undefined || broker !== undefined) {
    throw wrong(`The option ${asked[0]} uses the file alone: leave out --mqtt and --broker.`);
  }
  return true;
}

function checkConnection({ mqtt, broker, ca, cert, key, 'mqtt-version': version }: ReceiveArguments): true {
  if ((mqtt === undefined) === (broker === undefined)) {
    throw wrong('Say where the records come from: either --mqtt with the URL of a broker, or --broker with a port.');
  }
  if (broker !== undefined && !(Number.isInteger(broker) && broker >= 0 && broker <= 65_535)) {
    throw wrong(`The option --broker is ${broker}: give a port from 1 to 65535, or 0 for a free one.`);
  }
  if (broker !== undefined && version === '5') {
    throw wrong('The broker that comes with linegate speaks MQTT 3.1.1 only: leave out --mqtt-version, or use --mqtt.');
  }
  if ((ca ?? cert ?? key) !== undefined && mqtt?.startsWith('mqtts:') !== true) {
    throw wrong('The options --ca, --cert and --key go with a broker whose URL begins with mqtts://.');
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw wrong(`The options --cert and --key belong together, and only ${cert ?? key} is given.`);
  }
  return true;
}

function wrong(sentence: string): LinegateError {
  return new LinegateError('bad-argument', sentence);
}
