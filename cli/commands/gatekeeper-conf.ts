import type { CommandModule } from 'yargs';

/** `linegate gatekeeper-conf`. */
export const gatekeeperConfCommand: CommandModule<object, { station: string; out: string | undefined }> = {
  command: 'gatekeeper-conf',
  describe: 'write the gatekeeper’s configuration from station.yaml and its calibration',
  builder: (y) =>
    y
      .option('station', {
        type: 'string',
        requiresArg: true,
        default: 'station.yaml',
        describe: 'the station’s configuration',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'the file to write; standard output when left out',
      }),
  handler: async (args) => {
    const { writeGatekeeperConf } = await import('../gatekeeper-conf.ts');
    writeGatekeeperConf(args);
  },
};
