import type { Argv, CommandModule } from 'yargs';
import { LinegateError } from '../../agent/core/errors.ts';
import { boardNames } from '../../tools/esp/boards.ts';

const text = { type: 'string', requiresArg: true } as const;
const port = {
  ...text,
  demandOption: true,
  describe: 'the serial port, such as /dev/ttyUSB0 or /dev/ttyACM0',
} as const;

interface BuildArguments {
  bundle: string;
  board: string;
  project: string | undefined;
  out: string | undefined;
  'signing-key': string | undefined;
  minutes: number;
}

const buildCommand: CommandModule<object, BuildArguments> = {
  command: 'build <bundle>',
  describe: 'put a model into the firmware and build it with ESP-IDF',
  builder: (y) =>
    y
      .positional('bundle', {
        type: 'string',
        demandOption: true,
        describe: 'folder that "linegate quantize --esp" wrote',
      })
      .option('board', { ...text, choices: boardNames, demandOption: true, describe: 'the board' })
      .option('project', { ...text, describe: 'folder of the firmware; that of this checkout when left out' })
      .option('out', { ...text, describe: 'folder of what is built; build/esp-BOARD when left out' })
      .option('signing-key', {
        ...text,
        describe: 'private key (PEM) that updates are signed with; without it none is taken',
      })
      .option('minutes', {
        type: 'number',
        requiresArg: true,
        default: 30,
        describe: 'the most that building may take',
      })
      .check(({ minutes }) => inRange('minutes', minutes, 1, 600))
      .example('$0 esp build models/int8/bean --board xiao-esp32s3-sense', ''),
  handler: async ({ bundle, board, project, out, minutes, 'signing-key': signingKey }) => {
    const { espBuild } = await import('../esp/build.ts');
    await espBuild({ bundle, board, project, out, signingKey, minutes });
  },
};

interface FlashArguments {
  build: string;
  port: string;
  baud: number;
  minutes: number;
  seconds: number;
  json: boolean;
}

const flashCommand: CommandModule<object, FlashArguments> = {
  command: 'flash <build>',
  describe: 'write a built firmware to a board over serial, and show its self-test',
  builder: (y) =>
    y
      .positional('build', {
        type: 'string',
        demandOption: true,
        describe: 'folder of what "linegate esp build" built',
      })
      .option('port', port)
      .option('baud', { type: 'number', requiresArg: true, default: 460_800, describe: 'the rate while writing' })
      .option('minutes', { type: 'number', requiresArg: true, default: 10, describe: 'the most that writing may take' })
      .option('seconds', {
        type: 'number',
        requiresArg: true,
        default: 20,
        describe: 'how long to wait for the start; 0: not',
      })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON document' })
      .check(({ baud }) => inRange('baud', baud, 9600, 3_000_000))
      .check(({ minutes }) => inRange('minutes', minutes, 0.01, 600))
      .check(({ seconds }) => inRange('seconds', seconds, 0, 3600))
      .example('$0 esp flash build/esp-esp32-cam --port /dev/ttyUSB0', ''),
  handler: async ({ build, port: name, baud, minutes, seconds, json }) => {
    const { espFlash } = await import('../esp/flash.ts');
    await espFlash({ build, port: name, baud, minutes, seconds, json });
  },
};

interface ProvisionArguments {
  settings: string;
  port: string;
  baud: number;
}

const provisionCommand: CommandModule<object, ProvisionArguments> = {
  command: 'provision <settings>',
  describe: 'tell a board its Wi-Fi, broker and calibration over serial',
  builder: (y) =>
    y
      .positional('settings', {
        type: 'string',
        demandOption: true,
        describe: 'JSON file; passwords may be in LINEGATE_WIFI_PASSPHRASE and LINEGATE_MQTT_PASSWORD instead',
      })
      .option('port', port)
      .option('baud', { type: 'number', requiresArg: true, default: 115_200, describe: 'the rate of its console' })
      .check(({ baud }) => inRange('baud', baud, 9600, 3_000_000))
      .example('$0 esp provision station-7.json --port /dev/ttyUSB0', ''),
  handler: async ({ settings, port: name, baud }) => {
    const { espProvision } = await import('../esp/provision.ts');
    await espProvision({ settings, port: name, baud });
  },
};

interface MonitorArguments {
  port: string;
  seconds: number;
  baud: number;
  reset: boolean;
  json: boolean;
}

const monitorCommand: CommandModule<object, MonitorArguments> = {
  command: 'monitor',
  describe: 'show the console of a board for a while, and its self-test',
  builder: (y) =>
    y
      .option('port', port)
      .option('seconds', { type: 'number', requiresArg: true, default: 60, describe: 'how long' })
      .option('baud', { type: 'number', requiresArg: true, default: 115_200, describe: 'the rate of its console' })
      .option('reset', { type: 'boolean', default: false, describe: 'start the board anew first; stops its line' })
      .option('json', { type: 'boolean', default: false, describe: 'the report as one JSON document' })
      .check(({ seconds }) => inRange('seconds', seconds, 1, 86_400))
      .check(({ baud }) => inRange('baud', baud, 9600, 3_000_000))
      .example('$0 esp monitor --port /dev/ttyUSB0 --reset --seconds 20', ''),
  handler: async ({ port: name, seconds, baud, reset, json }) => {
    const { espMonitor } = await import('../esp/monitor.ts');
    await espMonitor({ port: name, seconds, baud, reset, json });
  },
};

interface UpdateArguments {
  port: string;
  baud: number;
  seconds: number;
  json: boolean;
}

const updateCommand: CommandModule<object, UpdateArguments> = {
  command: 'update',
  describe: 'have a board fetch a new signed firmware from its update.url; stops its line',
  builder: (y) =>
    y
      .option('port', port)
      .option('baud', { type: 'number', requiresArg: true, default: 115_200, describe: 'the rate of its console' })
      .option('seconds', {
        type: 'number',
        requiresArg: true,
        default: 300,
        describe: 'how long to wait for the start',
      })
      .option('json', { type: 'boolean', default: false, describe: 'the report as one JSON document' })
      .check(({ seconds }) => inRange('seconds', seconds, 1, 3600))
      .check(({ baud }) => inRange('baud', baud, 9600, 3_000_000))
      .example('$0 esp update --port /dev/ttyUSB0', ''),
  handler: async ({ port: name, baud, seconds, json }) => {
    const { espUpdate } = await import('../esp/update.ts');
    await espUpdate({ port: name, baud, seconds, json });
  },
};

/** `linegate esp`. */
export const espCommand: CommandModule = {
  command: 'esp',
  describe: 'build, flash, provision, watch and update an ESP32 station',
  builder: (y: Argv) =>
    y
      .command(buildCommand)
      .command(flashCommand)
      .command(provisionCommand)
      .command(monitorCommand)
      .command(updateCommand)
      .demandCommand(1, 'Say what to do: esp build, flash, provision, monitor or update.'),
  handler: () => {},
};

function inRange(name: string, value: unknown, least: number, most: number): true {
  if (typeof value === 'number' && value >= least && value <= most) return true;
  throw new LinegateError('bad-argument', `The option --${name} is ${value}: give a number from ${least} to ${most}.`);
}
