import type { CommandModule } from 'yargs';

interface ProvisionArguments {
  station: string;
  package: string;
  out: string;
  name: string | undefined;
  hostname: string | undefined;
  list: string | undefined;
  user: string;
  'user-key': string | undefined;
  wifi: string | undefined;
  'wifi-passphrase-file': string | undefined;
  'wifi-country': string | undefined;
}

const text = { type: 'string', requiresArg: true } as const;

/** `linegate provision`. */
export const provisionCommand: CommandModule<object, ProvisionArguments> = {
  command: 'provision',
  describe:
    'write cloud-init files for cards: the package, a station file and a one-time token, for one station or many',
  builder: (y) =>
    y
      .option('station', { ...text, demandOption: true, describe: 'the station.yaml that goes onto the card' })
      .option('package', { ...text, demandOption: true, describe: 'the .deb of linegate for these devices' })
      .option('out', { ...text, demandOption: true, describe: 'a new folder, for a folder a card' })
      .option('name', { ...text, describe: 'the name of the station; that of the file when left out' })
      .option('hostname', { ...text, describe: 'the name of the computer; made of that of the station when left out' })
      .option('list', { ...text, describe: 'a CSV with the columns station, hostname, file: a card for each line' })
      .option('user', { ...text, default: 'technician', describe: 'who may log in with --user-key' })
      .option('user-key', { ...text, describe: 'public SSH keys, such as ~/.ssh/id_ed25519.pub' })
      .option('wifi', { ...text, describe: 'the name of a Wi-Fi' })
      .option('wifi-passphrase-file', {
        ...text,
        describe: 'a file with its passphrase, which goes on no card in clear',
      })
      .option('wifi-country', { ...text, describe: 'the country, such as DE' })
      .example(
        '$0 provision --station station.yaml --package linegate_1.0.0_arm64.deb --out cards --list stations.csv',
        '',
      ),
  handler: async (args) => {
    const { provision } = await import('../provision.ts');
    const { station, out, name, hostname, list, user, wifi } = args;
    const wifiPassphraseFile = args['wifi-passphrase-file'];
    const more = { userKey: args['user-key'], wifi, wifiPassphraseFile, wifiCountry: args['wifi-country'] };
    await provision({ station, package: args.package, out, name, hostname, list, user, ...more });
  },
};
