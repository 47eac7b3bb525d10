import { gatekeeperUnit, restartWords } from '../../config/services.ts';
import { fail, needsStation, notRun, type Outcome, ok, warn } from '../finding.ts';
import type { Host } from '../host.ts';
import type { Check, Look } from '../look.ts';
import { gatekeepers } from './processes.ts';
import { readyOf } from './ready.ts';

/** What /proc/net/unix tells of a socket, without a connection of ours, which would take an agent's place. */
interface SocketState {
  readonly listens: boolean;
  readonly connections: number;
}

/** Columns: number, references, protocol, flags, type, state, inode, path. Flag 10000: listens; state 03: connected. */
async function socketState(host: Host, path: string): Promise<SocketState> {
  const rows = ((await host.text('/proc/net/unix')) ?? '').split('\n').map((row) => row.trim().split(/\s+/));
  const named = rows.filter((row) => row.slice(7).join(' ') === path);
  return {
    listens: named.some(([, , , flags]) => (Number.parseInt(flags ?? '0', 16) & 0x10000) !== 0),
    connections: named.filter(([, , , , , state]) => state === '03').length,
  };
}

/** The gatekeeper: there, and with an agent. */
export const gatekeeper: Check = {
  id: 'gatekeeper',
  group: 'gatekeeper',
  about: 'the gatekeeper',
  run: async (look) => {
    const { wants, host } = look;
    if (wants === null) return needsStation('The gatekeeper');
    if (wants.gatekeeper === null) return notRun('The station has no gatekeeper: its line is of another kind.');
    const { socket } = wants.gatekeeper;
    const processes = await gatekeepers(host);
    const { listens, connections } = await socketState(host, socket);
    const status = await statusText(host, gatekeeperUnit(wants.file));
    const ready = await readyOf(host, wants);
    const figures = { socket, processes: processes.length, listens, agents: connections, ready, status };
    if (processes.length === 0)
      return fail(
        'The gatekeeper does not run, so nobody moves the gate.',
        `Run sudo systemctl enable --now ${gatekeeperUnit(wants.file)}.`,
        figures,
      );
    if (!listens)
      return fail(
        `The gatekeeper runs, but does not listen at ${socket}.`,
        `Run ${restartWords(wants.file)}, and look at journalctl -u ${gatekeeperUnit(wants.file)}.`,
        figures,
      );
    const rights = await host.facts(socket);
    if (rights?.writable !== true) return closed(socket, figures, look);
    return attached(figures, look);
  },
};

/** The socket is for the user that the agent runs as; whether that is this one, the station file says. */
async function closed(socket: string, figures: Outcome['figures'], { host, wants }: Look): Promise<Outcome> {
  const { uid, name } = await host.user();
  const line = wants?.config.line;
  const agentUid = line?.kind === 'gatekeeper' ? line.agentUid : undefined;
  const sentence = `The gatekeeper runs, but the user ${name} may not connect to ${socket}.`;
  if (agentUid !== undefined && agentUid !== uid)
    return notRun(sentence, `Run this as the user of the station, whose number is ${agentUid}.`, figures);
  return fail(
    sentence,
    `Give the number ${uid} as line.agentUid in the station file, or run the station as another user.`,
    figures,
  );
}

/** What the gatekeeper tells the service manager of itself: whether it is ready, and which doubts stand. */
async function statusText(host: Host, unit: string): Promise<string | null> {
  const ran = await host.run('systemctl', ['show', unit, '-p', 'StatusText', '--value']);
  const text = ran.kind === 'ran' && ran.code === 0 ? ran.stdout.trim() : '';
  return text === '' ? null : text;
}

async function attached(
  figures: {
    readonly agents: number;
    readonly ready: boolean | null;
    readonly status: string | null;
  } & Outcome['figures'],
  look: Look,
): Promise<Outcome> {
  const says = figures.status === null ? '' : ` and says "${figures.status}"`;
  if (figures.agents > 0 && figures.ready === false)
    return warn(
      `The gatekeeper runs with an agent${says}, but READY is off.`,
      'Wait until the belt has run for the length from photo-eye to gate; then the log of the station names the doubt that is left.',
      figures,
    );
  if (figures.agents > 0) return ok(`The gatekeeper runs with an agent${says}.`, figures);
  const running = await look.running();
  if (running.kind === 'running')
    return fail(
      `The gatekeeper runs without an agent${says}, though a station runs.`,
      'Look at the log of the station: it names what the gatekeeper refused.',
      figures,
    );
  return warn(`The gatekeeper runs without an agent${says}, so READY is off.`, 'Start the station.', figures);
}

/** Whether the gatekeeper may run before all others and keep its memory. */
export const realtime: Check = {
  id: 'realtime',
  group: 'gatekeeper',
  about: 'the priority of the gatekeeper',
  run: async ({ host }) => {
    const [process] = await gatekeepers(host);
    if (process === undefined) return ofUs(host);
    const policy = policyOf((await host.text(`${process.folder}/stat`)) ?? '');
    const lockedKb = Number(/^VmLck:\s+(\d+)/m.exec((await host.text(`${process.folder}/status`)) ?? '')?.[1] ?? 0);
    const figures = { gatekeeper: true, policy, lockedKb };
    const advice = 'Give the unit LimitRTPRIO=50 and LimitMEMLOCK=infinity and restart it.';
    if (policy !== 'SCHED_FIFO')
      return warn(`The gatekeeper runs with ${policy}, so gates may move some ms late under load.`, advice, figures);
    if (lockedKb === 0)
      return warn('The memory of the gatekeeper is not locked, so it may wait for the disk.', advice, figures);
    return ok('The gatekeeper runs with SCHED_FIFO and its memory is locked.', figures);
  },
};

/** proc(5): the 41st field, counted behind the name in brackets, which may hold spaces. */
function policyOf(stat: string): string {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .trim()
    .split(' ');
  return ['SCHED_OTHER', 'SCHED_FIFO', 'SCHED_RR'][Number(fields[38])] ?? 'another policy';
}

/** Without a gatekeeper: whether this user could start one so. */
async function ofUs(host: Host): Promise<Outcome> {
  const limits = (await host.text('/proc/self/limits')) ?? '';
  const soft = (name: string): string | undefined => new RegExp(`^${name}\\s+(\\S+)`, 'm').exec(limits)?.[1];
  const priority = soft('Max realtime priority');
  const locked = soft('Max locked memory');
  const { uid, name } = await host.user();
  const figures = { gatekeeper: false, maxRealtimePriority: priority ?? null, maxLockedMemory: locked ?? null };
  if (priority === undefined) return notRun('The kernel does not tell the limits of this user.', null, figures);
  const may = uid === 0 || priority === 'unlimited' || Number(priority) > 0;
  if (may) return ok(`The user ${name} may run a program with SCHED_FIFO.`, figures);
  return warn(
    `The user ${name} may not run a program with SCHED_FIFO, and no gatekeeper runs that could be looked at.`,
    'Start the gatekeeper with its systemd unit, which permits it (LimitRTPRIO=, LimitMEMLOCK=).',
    figures,
  );
}
