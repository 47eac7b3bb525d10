import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readyIs } from './belt.ts';
import { command, must, nowNs } from './service.ts';

export const witnessFile = 'poweroff.txt';

/**
 * Powers this machine off in order, with ready on. What the outputs are at the end is written by a service that runs when all
 * others have stopped: a line `gate ready since`, levels and the time of the order, then what the kernel's tracer saw.
 */
export async function powerOff(): Promise<void> {
  await readyIs(true);
  const units = '/etc/systemd/system';
  const { LAB_PINS: pins = '', LAB_OUT: out = '', LAB_RUN: run = '' } = process.env;
  const level = (pin: number): string => `$(cat ${pins}/sim_gpio${pin}/value)`;
  const script = [
    `echo "${level(17)} ${level(5)} ${nowNs()}" > ${out}/${witnessFile}`,
    `cat /sys/kernel/tracing/trace >> ${out}/${witnessFile}`,
    `echo 0 > ${run}/status; sync`,
  ];
  writeFileSync('/run/witness.sh', `${script.join('\n')}\n`);
  const order = 'After=shutdown.target linegate.service linegate-gatekeeper.service\nBefore=umount.target final.target';
  const unit = `[Unit]\nDefaultDependencies=no\n${order}\n[Service]\nType=oneshot\nExecStart=/bin/bash /run/witness.sh\n`;
  writeFileSync(`${units}/witness.service`, unit);
  mkdirSync(`${units}/poweroff.target.wants`, { recursive: true });
  symlinkSync('../witness.service', `${units}/poweroff.target.wants/witness.service`);
  // The lab's own way to power off is at once, when this script ends.
  mkdirSync(`${units}/lab-script.service.d`);
  writeFileSync(`${units}/lab-script.service.d/order.conf`, '[Service]\nExecStopPost=\n');
  must('systemctl', 'daemon-reload');
  command('systemctl', '--no-block', 'poweroff');
  await sleep(120_000);
}
