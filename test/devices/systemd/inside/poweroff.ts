import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readyIs } from './belt.ts';
import { command, must, nowNs } from './service.ts';

export const witnessFile = 'poweroff.txt';

/**
 * Powers this machine off in order, with ready on. What the outputs are at the end is written by a service that is stopped after
 * all others: a line `gate ready since`, levels and the time of the order, then what the kernel's tracer saw.
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
  // What starts before the others is stopped after them, and before its folders are unmounted.
  const order = `Before=linegate.service linegate-gatekeeper.service\nRequiresMountsFor=${out} ${run}`;
  const service = 'Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\nExecStop=/bin/bash /run/witness.sh';
  writeFileSync(`${units}/witness.service`, `[Unit]\n${order}\n[Service]\n${service}\n`);
  // The lab's own way to power off is at once, when this script ends.
  mkdirSync(`${units}/lab-script.service.d`);
  writeFileSync(`${units}/lab-script.service.d/order.conf`, '[Service]\nExecStopPost=\n');
  must('systemctl', 'daemon-reload');
  must('systemctl', 'start', 'witness.service');
  command('systemctl', '--no-block', 'poweroff');
  await sleep(120_000);
}
