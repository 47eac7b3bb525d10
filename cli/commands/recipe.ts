import type { CommandModule } from 'yargs';

interface Common {
  state: string;
  json: boolean;
}

const common = {
  state: {
    type: 'string',
    default: 'state',
    describe: 'the state folder of the station, which holds what is installed',
  },
  json: { type: 'boolean', default: false, describe: 'one JSON document' },
} as const;

const nameOrFolder = { type: 'string', demandOption: true, describe: 'name or folder of a recipe' } as const;

const listCommand: CommandModule<object, Common> = {
  command: 'list',
  describe: 'the recipes there are: current, previous, those that came with linegate',
  builder: (y) => y.options(common),
  handler: async (args) => {
    const { list } = await import('../recipe.ts');
    list(args);
  },
};

const showCommand: CommandModule<object, Common & { name: string }> = {
  command: 'show <name>',
  describe: 'labels, thresholds, model and figures of a recipe',
  builder: (y) => y.positional('name', nameOrFolder).options(common),
  handler: async (args) => {
    const { show } = await import('../recipe.ts');
    show(args);
  },
};

const installCommand: CommandModule<object, Common & { folder: string }> = {
  command: 'install <folder>',
  describe: 'check a bundle on this device and use it from the next start; keeps the one before',
  builder: (y) =>
    y
      .positional('folder', {
        type: 'string',
        demandOption: true,
        describe: 'holds manifest.json, the model and golden/',
      })
      .options(common)
      .example('$0 recipe install /media/usb/coffee-bean', ''),
  handler: async (args) => {
    const { install } = await import('../recipe.ts');
    await install(args);
  },
};

const verifyCommand: CommandModule<object, Common & { name: string }> = {
  command: 'verify <name>',
  describe: 'check the digests of a recipe and run its golden vectors on this device',
  builder: (y) => y.positional('name', nameOrFolder).options(common),
  handler: async (args) => {
    const { verify } = await import('../recipe.ts');
    await verify(args);
  },
};

const rollbackCommand: CommandModule<object, Common & { name: string }> = {
  command: 'rollback <name>',
  describe: 'use the version before the current one from the next start',
  builder: (y) =>
    y.positional('name', { type: 'string', demandOption: true, describe: 'name of a recipe' }).options(common),
  handler: async (args) => {
    const { rollback } = await import('../recipe.ts');
    await rollback(args);
  },
};

/** `linegate recipe list|show|install|verify|rollback`. */
export const recipeCommand: CommandModule = {
  command: 'recipe',
  describe: 'the model bundles: model, preprocess and thresholds as one versioned thing',
  builder: (y) =>
    y
      .command(listCommand)
      .command(showCommand)
      .command(installCommand)
      .command(verifyCommand)
      .command(rollbackCommand)
      .demandCommand(1, 'Say what to do with the recipes: list, show, install, verify or rollback.'),
  handler: () => {},
};
