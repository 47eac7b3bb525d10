// Loaded before a program whose memory is asked for: it says the most that it held in memory at once when it ends (Linux).
import { readFileSync, writeSync } from 'node:fs';
import process from 'node:process';

process.on('exit', () => {
  const peak = /^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  writeSync(3, `${Number(peak) * 1024}`);
});
