import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { atMost, type Check, equals } from '../../../faults/check.ts';
import { command, mainPid } from './service.ts';
import { agent, config, gatekeeper } from './world.ts';

const units = [
  ...[agent, gatekeeper, config],
  ...['linegate@x.service', 'linegate-gatekeeper@x.service', 'linegate-config@x.service'],
];

/** The files themselves, before anything runs. */
export function unitFiles(): readonly Check[] {
  const complaints = command('systemd-analyze', 'verify', ...units).text;
  const { text } = command('systemd-analyze', 'security', '--no-pager', ...units);
  const exposures = [...text.matchAll(/Overall exposure level for (\S+): ([\d.]+)/g)];
  const exposureOf = (unit: string): number =>
    Number(exposures.find(([, name]) => name === unit)?.[2] ?? Number.POSITIVE_INFINITY);
  return [
    equals('systemd-analyze verify, six units', complaints === '' ? 'nothing' : complaints, 'nothing'),
    ...units.map((unit) => atMost(`systemd-analyze security ${unit}`, exposureOf(unit), 3)),
  ];
}

/** What the processes may and may not, once they run. */
export function rights(): readonly Check[] {
  const [keeper, station] = [mainPid(gatekeeper), mainPid(agent)];
  const status = (pid: number, field: string): string =>
    new RegExp(`^${field}:\\s+(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 'none';
  const environment = readFileSync(`/proc/${station}/environ`, 'utf8').split('\0');
  const credential = `/proc/${station}/root/run/credentials/linegate.service/mqtt-password`;
  return [
    equals('capabilities of both', `${status(keeper, 'CapEff')} ${status(station, 'CapEff')}`, `${none} ${none}`),
    equals('processes of root', [keeper, station].filter((pid) => status(pid, 'Uid').startsWith('0')).length, 0),
    equals('scheduling of the gatekeeper', schedulingOf(keeper), 'SCHED_FIFO'),
    equals('locked memory of the gatekeeper', status(keeper, 'VmLck') === '0 kB' ? 'none' : 'some', 'some'),
    equals('ORT_DISABLE_TELEMETRY of the agent', environment.includes('ORT_DISABLE_TELEMETRY=1') ? 1 : 0, 1),
    equals('compiled code that the agent kept', hasFiles('/var/cache/linegate') ? 'some' : 'none', 'some'),
    equals(
      'password that the agent may read',
      existsSync(credential) ? readFileSync(credential, 'utf8') : 'none',
      secret,
    ),
  ];
}

function hasFiles(folder: string): boolean {
  return readdirSync(folder, { recursive: true }).length > 1;
}

export const secret = 'lab-secret';
const none = '0000000000000000';

/** proc(5): the 41st field, behind the name in brackets. */
function schedulingOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const policy = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38];
  return policy === '1' ? 'SCHED_FIFO' : `policy ${policy}`;
}
