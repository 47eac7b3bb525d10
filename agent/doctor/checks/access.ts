import path from 'node:path';
import { fail, needsStation, notRun, type Outcome, ok } from '../finding.ts';
import type { Host, PathFacts } from '../host.ts';
import type { Check, Look } from '../look.ts';

interface Devices {
  readonly pattern: RegExp;
  readonly name: string;
  readonly group: string;
}

/** Whether this user may open the devices of a kind. */
async function access({ host }: Look, { pattern, name, group }: Devices): Promise<Outcome> {
  const devices = (await host.names('/dev')).filter((each) => pattern.test(each)).map((each) => `/dev/${each}`);
  const { name: user, groups } = await host.user();
  const closed: string[] = [];
  for (const device of devices) if (!mayUse(await host.facts(device))) closed.push(device);
  const figures = { devices, closed, user, groups };
  if (devices.length === 0) return notRun(`There is no device ${name} on this computer.`, null, figures);
  if (closed.length === 0) return ok(`The user ${user} may use ${devices.join(', ')}.`, figures);
  const member = groups.includes(group) ? 'log out and in again, for it is in the group already' : 'log in again';
  return fail(
    `The user ${user} may not use ${closed.join(', ')}.`,
    `Run sudo usermod -aG ${group} ${user} and ${member}.`,
    figures,
  );
}

function mayUse(facts: PathFacts | undefined): boolean {
  return facts?.readable === true && facts.writable;
}

/** May this user open the GPIO chips. */
export const gpioAccess: Check = {
  id: 'gpio-access',
  group: 'lines',
  about: 'the rights on GPIO chips',
  run: (look) => access(look, { pattern: /^gpiochip\d+$/, name: '/dev/gpiochip*', group: 'gpio' }),
};

/** May this user open the cameras. */
export const cameraAccess: Check = {
  id: 'camera-access',
  group: 'camera',
  about: 'the rights on cameras',
  run: (look) => access(look, { pattern: /^video\d+$/, name: '/dev/video*', group: 'video' }),
};

/** May this user write where the station keeps everything. */
export const stateFolder: Check = {
  id: 'state-folder',
  group: 'disk',
  about: 'the state folder',
  run: async ({ host, wants }) => {
    if (wants === null) return needsStation('The state folder');
    const folder = wants.stateFolder;
    const { name: user } = await host.user();
    const facts = await host.facts(folder);
    if (facts === undefined) return missing(host, folder, user);
    const figures = { folder, user, mode: facts.mode.toString(8) };
    if (facts.kind !== 'folder')
      return fail(`The state folder ${folder} is not a folder.`, 'Name another one as stateFolder.', figures);
    if (!mayUse(facts))
      return fail(
        `The user ${user} may not write into the state folder ${folder}.`,
        `Run sudo chown ${user} ${folder}, or run this as the station's user.`,
        figures,
      );
    return ok(`The user ${user} may write into the state folder ${folder}.`, figures);
  },
};

async function missing(host: Host, folder: string, user: string): Promise<Outcome> {
  const parent = path.dirname(folder);
  const figures = { folder, user };
  if (mayUse(await host.facts(parent)))
    return ok(`The state folder ${folder} is not there yet; the station will make it.`, figures);
  return fail(
    `The state folder ${folder} is not there, and the user ${user} may not make it.`,
    `Run sudo install -d -o ${user} ${folder}.`,
    figures,
  );
}
