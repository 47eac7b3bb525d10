import path from 'node:path';
import type { CommandModule } from 'yargs';
import { instanceOf } from '../../agent/config/services.ts';
import { boardNames, inputRoles, outputRoles } from '../../agent/init/boards.ts';
import { cameraKinds } from '../../agent/init/camera-config.ts';

const roles = [...inputRoles, ...outputRoles] as const;
type Role = (typeof roles)[number];

interface InitArguments {
  board: string | undefined;
  camera: string | undefined;
  'camera-device': string | undefined;
  'camera-number': number | undefined;
  name: string | undefined;
  recipe: string | undefined;
  state: string | undefined;
  'delay-ms': number | undefined;
  'delay-counts': number | undefined;
  out: string;
  yes: boolean;
  force: boolean;
  'calibration-only': boolean | undefined;
}

const text = { type: 'string', requiresArg: true } as const;

/** `linegate init`. */
export const initCommand: CommandModule<object, InitArguments> = {
  command: 'init',
  describe: 'find board, lines and cameras, ask for the rest, and write a commented station.yaml',
  builder: (y) => {
    y.options(Object.fromEntries(roles.map((role) => [flagOf(role), lineOption(role)])));
    return y
      .option('board', { ...text, describe: `${boardNames.join(', ')}; found by itself on one of them` })
      .option('camera', { ...text, describe: cameraKinds.join(', ') })
      .option('camera-device', { ...text, describe: 'the device of a v4l2 camera' })
      .option('camera-number', {
        type: 'number',
        requiresArg: true,
        describe: 'which of several cameras of the board, from 0',
      })
      .option('name', { ...text, describe: 'the name of the station' })
      .option('recipe', { ...text, describe: 'name or folder of a recipe' })
      .option('state', { ...text, describe: 'the state folder; below /var/lib/linegate when left out' })
      .option('delay-ms', { type: 'number', requiresArg: true, describe: 'time from photo-eye to gate, roughly' })
      .option('delay-counts', { type: 'number', requiresArg: true, describe: 'the same in counts of the encoder' })
      .option('out', { ...text, default: '/etc/linegate/station.yaml', describe: 'the file to write' })
      .option('yes', { type: 'boolean', default: false, describe: 'ask nothing: take what is proposed' })
      .option('force', { type: 'boolean', default: false, describe: 'replace a file that is there; it is kept beside' })
      .option('calibration-only', {
        type: 'boolean',
        describe: 'write a first calibration alone, for the station file that lies at --out',
      })
      .conflicts('calibration-only', [...roles.map(flagOf), 'board', 'camera', 'camera-device', 'camera-number'])
      .conflicts('calibration-only', ['name', 'recipe', 'state'])
      .example('$0 init', 'ask at the terminal')
      .example('$0 init --board pi5 --trigger 17 --gate 27 --delay-ms 400 --yes', '');
  },
  handler: async (args) => {
    const { board, camera, name, recipe, state, out, yes, force } = args;
    const asked: Readonly<Record<string, unknown>> = { ...args };
    const lines = Object.fromEntries(roles.flatMap((role) => textOf(role, asked[role])));
    const delays = { delayMs: args['delay-ms'], delayCounts: args['delay-counts'] };
    if (args['calibration-only'] === true) {
      const { firstCalibrationFor } = await import('../first-calibration.ts');
      firstCalibrationFor({ station: out, said: delays, force });
      return;
    }
    const { init } = await import('../init.ts');
    const said = {
      board,
      camera,
      cameraDevice: args['camera-device'],
      cameraNumber: args['camera-number'],
      name,
      instance: instanceOf(out) ?? '',
      recipe,
      // A path in station.yaml counts from that file, one on the command line from here.
      stateFolder: state === undefined ? undefined : path.resolve(state),
      lines,
      ...delays,
    };
    await init({ said, out, yes, force });
  },
};

function flagOf(role: Role): string {
  return role.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function lineOption(role: Role): { type: 'string'; requiresArg: true; describe: string } {
  const usual = role === 'trigger' || role === 'gate' || role === 'ready';
  return {
    ...text,
    describe: `its line, such as 17 or PQ.05; auto${usual ? ' when left out' : ', or none when left out'}`,
  };
}

function textOf(role: Role, value: unknown): [Role, string][] {
  return typeof value === 'string' ? [[role, value]] : [];
}
