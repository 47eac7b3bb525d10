import { notRun, type Outcome, ok, warn } from '../finding.ts';
import type { Host } from '../host.ts';
import type { Check } from '../look.ts';

type Synchronised = { readonly yes: boolean; readonly by: string } | null;

/** Whether something keeps the clock right; null when nobody knows. */
async function synchronised(host: Host): Promise<Synchronised> {
  const chrony = await host.run('chronyc', ['-c', 'tracking']);
  if (chrony.kind === 'ran' && chrony.code === 0)
    return { yes: !/(^|,)Not synchronised/.test(chrony.stdout), by: 'chrony' };
  const timedate = await host.run('timedatectl', ['show', '-p', 'NTPSynchronized', '--value']);
  const said = timedate.kind === 'ran' && timedate.code === 0 ? timedate.stdout.trim() : '';
  if (said === 'yes' || said === 'no') return { yes: said === 'yes', by: 'timedatectl' };
  const names = await host.names('/run/systemd/timesync');
  return names.length === 0 ? null : { yes: names.includes('synchronized'), by: 'systemd-timesyncd' };
}

/** Whether the wall clock is right. */
export const clock: Check = {
  id: 'clock',
  group: 'computer',
  about: 'the clock',
  run: async ({ host }) => {
    const state = await synchronised(host);
    if (state === null)
      return notRun(
        'Whether the clock is right is not known: neither chrony nor systemd-timesyncd answers.',
        'Install chrony or systemd-timesyncd and name the time server of the plant.',
        { synchronised: null },
      );
    const figures = { synchronised: state.yes, by: state.by };
    if (state.yes) return ok(`The clock is set by the network (${state.by}).`, figures);
    return warn(
      `The clock is not set by the network (${state.by}), so records may bear wrong times.`,
      'Let this computer reach a time server (NTP, UDP port 123) or name one of the plant.',
      figures,
    );
  },
};

/** A clock that goes on without power. */
export const rtc: Check = {
  id: 'rtc',
  group: 'computer',
  about: 'the clock with a battery',
  run: async ({ host, nowMs }) => {
    const [first] = (await host.names('/sys/class/rtc')).filter((name) => /^rtc\d+$/.test(name));
    if (first === undefined)
      return warn(
        'This computer has no clock with a battery: after a power cut it has a wrong time until the network sets it.',
        'Add an RTC module with a battery, or make sure that a time server is always within reach.',
        { rtc: null },
      );
    const name = (await host.text(`/sys/class/rtc/${first}/name`))?.trim() ?? first;
    const epoch = Number((await host.text(`/sys/class/rtc/${first}/since_epoch`))?.trim() ?? Number.NaN);
    const offSeconds = Number.isFinite(epoch) ? Math.round(epoch - nowMs / 1000) : null;
    return judgeRtc(name, offSeconds);
  },
};

function judgeRtc(name: string, offSeconds: number | null): Outcome {
  const figures = { rtc: name, offSeconds };
  if (offSeconds === null) return notRun(`The battery clock ${name} does not tell its time.`, null, figures);
  if (Math.abs(offSeconds) <= 60) return ok(`The battery clock ${name} is off by ${Math.abs(offSeconds)} s.`, figures);
  return warn(
    `The battery clock ${name} is off by ${Math.abs(offSeconds)} s.`,
    'Run sudo hwclock --systohc once the clock is right; if it is off again, replace the battery.',
    figures,
  );
}

/** Shifts begin at local time. */
export const timeZone: Check = {
  id: 'time-zone',
  group: 'computer',
  about: 'the time zone',
  run: async ({ timeZone: zone, wants }) => {
    const figures = { timeZone: zone };
    const utc = /^(Etc\/)?(UTC|GMT|UCT|Zulu)$/.test(zone);
    if (utc && wants !== null)
      return warn(
        `The time zone is ${zone}, so shifts begin at ${wants.config.shifts.join(', ')} of that time and not of the plant.`,
        'Run sudo timedatectl set-timezone with the zone of the plant, unless this is meant.',
        figures,
      );
    return ok(`The time zone is ${zone}, in which shifts are told apart.`, figures);
  },
};
