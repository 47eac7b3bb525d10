import { existsSync } from 'node:fs';

/** What systemd-timesyncd touches when it has set the clock; its folder is there while it runs. */
const folder = '/run/systemd/timesync';

/** Whether the network has set the wall clock since boot; `unknown` where systemd-timesyncd does not run. */
export function clockState(): 'synced' | 'unsynced' | 'unknown' {
  if (!existsSync(folder)) return 'unknown';
  return existsSync(`${folder}/synchronized`) ? 'synced' : 'unsynced';
}
