import type { CommandModule } from 'yargs';

interface DoctorArguments {
  station: string | undefined;
  json: boolean;
  only: string | undefined;
  'camera-seconds': number;
}

/** `linegate doctor`. */
export const doctorCommand: CommandModule<object, DoctorArguments> = {
  command: 'doctor',
  describe:
    'look whether this computer can run a station, and what to do where it cannot; exit status 1 when a check fails',
  builder: (y) =>
    y
      .option('station', {
        type: 'string',
        requiresArg: true,
        describe: 'the station.yaml; without it the computer alone',
      })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON document' })
      .option('only', { type: 'string', requiresArg: true, describe: 'one check by its id' })
      .option('camera-seconds', {
        type: 'number',
        requiresArg: true,
        default: 3,
        describe: 'how long the frames of the camera are counted',
      })
      .example('$0 doctor --station station.yaml', ''),
  handler: async (args) => {
    const { doctor } = await import('../doctor.ts');
    await doctor({ ...args, cameraSeconds: args['camera-seconds'] });
  },
};
