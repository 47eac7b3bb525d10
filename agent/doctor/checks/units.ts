import { fail, notRun, type Outcome, ok, warn } from '../finding.ts';
import type { Host } from '../host.ts';
import type { Check } from '../look.ts';
import { processesLike } from './processes.ts';

interface Unit {
  readonly name: string;
  readonly enabled: boolean;
  readonly active: string;
  readonly watchdog: boolean;
}

const properties = ['Id', 'LoadState', 'UnitFileState', 'ActiveState', 'WatchdogUSec', 'Environment'] as const;

/** The units named linegate*; null where systemd does not answer. */
async function unitsOf(host: Host): Promise<readonly Unit[] | null> {
  const list = await host.run('systemctl', [
    'list-unit-files',
    '--no-legend',
    '--plain',
    '--type=service',
    'linegate*',
  ]);
  // Without units of that name the exit status is 1 as well.
  if (list.kind !== 'ran' || /Failed to connect|not been booted/.test(list.stderr)) return null;
  const names = list.stdout.split('\n').flatMap((row) => row.trim().split(/\s+/)[0] || []);
  // linegate@.service itself never runs, and linegate-config is over once it has made its file.
  const runs = names.filter((name) => !name.endsWith('@.service') && !name.startsWith('linegate-config'));
  return Promise.all(runs.map((name) => unit(host, name)));
}

async function unit(host: Host, name: string): Promise<Unit> {
  const ran = await host.run('systemctl', ['show', name, '-p', properties.join(',')]);
  const text = ran.kind === 'ran' ? ran.stdout : '';
  const value = (property: string): string => new RegExp(`^${property}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  const watchdog = value('WatchdogUSec');
  return {
    name,
    enabled: /^enabled/.test(value('UnitFileState')),
    active: value('ActiveState'),
    watchdog: watchdog !== '' && watchdog !== '0' && watchdog !== 'infinity',
  };
}

/** The services: started at boot, watched. */
export const units: Check = {
  id: 'units',
  group: 'gatekeeper',
  about: 'the services',
  run: async ({ host }) => {
    const known = await unitsOf(host);
    if (known === null) return notRun('No systemd answers here, so no service can be looked at.');
    if (known.length === 0)
      return notRun(
        'No service of linegate is installed.',
        'Install the package, or start the station by hand while you try it.',
      );
    return judge(known);
  },
};

function judge(known: readonly Unit[]): Outcome {
  const names = (some: readonly Unit[]): string[] => some.map(({ name }) => name);
  const failed = names(known.filter(({ active }) => active === 'failed'));
  const disabled = names(known.filter(({ enabled }) => !enabled));
  const unwatched = names(known.filter(({ watchdog }) => !watchdog));
  const figures = { units: names(known), failed, disabled, unwatched };
  if (failed.length > 0)
    return fail(`The service ${failed.join(', ')} has failed.`, `Look at journalctl -u ${failed[0]}.`, figures);
  if (disabled.length > 0)
    return warn(
      `The service ${disabled.join(', ')} does not start at boot.`,
      `Run sudo systemctl enable ${disabled.join(' ')}.`,
      figures,
    );
  if (unwatched.length > 0)
    return warn(
      `The service ${unwatched.join(', ')} has no watchdog, so nobody notices when it hangs.`,
      'Set WatchdogSec= in its unit, as in the one that came with linegate.',
      figures,
    );
  return ok(`The services ${names(known).join(', ')} start at boot and have a watchdog.`, figures);
}

/** The library that runs the model tells its maker about itself unless it is told not to. */
export const telemetry: Check = {
  id: 'telemetry',
  group: 'network',
  about: 'the telemetry of the model engine',
  run: async ({ host }) => {
    const children = await processesLike(host, /onnx-child\.(ts|js)$/);
    const environments = await Promise.all(children.map(({ folder }) => host.text(`${folder}/environ`)));
    const readable = environments.flatMap((text) => (text === undefined ? [] : [text]));
    const open = readable.filter((text) => !text.split('\0').includes('ORT_DISABLE_TELEMETRY=1'));
    const figures = { modelProcesses: children.length, looked: readable.length, withTelemetry: open.length };
    if (open.length > 0)
      return fail(
        `A process that runs a model has no ORT_DISABLE_TELEMETRY=1, so its library may call its maker.`,
        'Start the model with linegate, or set the variable where it is started.',
        figures,
      );
    if (children.length > readable.length)
      return notRun(
        'A model runs under another user, whose environment cannot be read.',
        'Run this as the user of the station.',
        figures,
      );
    if (children.length === 0) return ok('No model runs now; each is started with ORT_DISABLE_TELEMETRY=1.', figures);
    return ok('Each process that runs a model has ORT_DISABLE_TELEMETRY=1.', figures);
  },
};
