import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findVivid } from '../../../lab/camera/vivid.ts';
import { must } from './service.ts';

/** 1 s from photo-eye to gate. */
export const travel = { delayMs: 1000, widthMs: 150, recoveryMs: 50, leadMs: 50, triggerDeadMs: 10 } as const;
export const stationFile = '/etc/linegate/station.yaml';
export const calibrationFile = '/etc/linegate/calibration.yaml';
export const state = '/var/lib/linegate/lab';
const chip = 'lab-header';

/** Puts an unpacked package into this machine's file system, and does what its scripts do. */
export function installTree(tree: string): void {
  // systemd does this itself where it is not in a chroot, as it is in the lab; credentials are mounted so.
  must('mount', '--make-rshared', '/');
  // As they are in the package; only that megabytes need not be copied into the memory of this machine.
  for (const place of ['usr/lib/linegate', 'usr/share/linegate']) {
    mkdirSync(path.join('/', place), { recursive: true });
    must('mount', '--bind', path.join(tree, place), path.join('/', place));
  }
  for (const place of ['usr/bin', 'usr/lib/systemd/system', 'usr/lib/sysusers.d', 'usr/lib/tmpfiles.d'])
    cpSync(path.join(tree, place), path.join('/', place), { recursive: true });
  must('systemd-sysusers', 'linegate.conf');
  must('systemd-tmpfiles', '--create', 'linegate.conf');
  must('systemctl', 'daemon-reload');
}

/** What udev does, which does not run in the lab. */
export function giveDevices(): void {
  give(process.env['LAB_CHIP'] ?? '', 'gpio');
  for (const name of readdirSync('/dev').filter((each) => /^video\d+$/.test(each))) give(`/dev/${name}`, 'video');
}

function give(device: string, group: string): void {
  const gid = Number(new RegExp(`^${group}:[^:]*:(\\d+):`, 'm').exec(readFileSync('/etc/group', 'utf8'))?.[1]);
  chownSync(device, 0, gid);
  chmodSync(device, 0o660);
}

/** The kernel's virtual camera, as station.yaml names it. */
export function vividCamera(): object {
  const found = findVivid('/usr/lib/linegate/linegate-v4l2');
  if (found === undefined) throw new Error('The lab has no virtual camera.');
  const size = { widthPx: 320, heightPx: 180 };
  return { kind: 'v4l2', device: found.device, format: 'yuyv', ...size, framesPerSecond: 10, stallMs: 10_000 };
}

/** `more`: beside or in place of the station's own fields. */
export function writeStation(file: string, more: object = {}): void {
  const line = {
    kind: 'gatekeeper',
    calibration: 'calibration.yaml',
    lateUs: 1_000_000,
    inputs: { trigger: { chip, line: 'TRIGGER', bias: 'pull-down' } },
    outputs: { gate: { chip, line: 'REJECT' }, ready: { chip, line: 'READY' } },
  };
  const station = {
    ...{ schemaVersion: 1, station: 'lab', recipe: 'machined-ring', stateFolder: state, line },
    ...{ camera: { kind: 'simulator' }, pictures: { keep: 'none' }, ...more },
  };
  writeFileSync(file, JSON.stringify(station));
}

export function writeCalibration(more: object = {}): void {
  writeFileSync(calibrationFile, JSON.stringify({ schemaVersion: 1, ...travel, ...more }));
}

/** A second station on the same chip, on lines of its own. */
export function writeSecondStation(name: string): void {
  const line = {
    kind: 'gatekeeper',
    calibration: 'calibration.yaml',
    socket: `/run/linegate/${name}/gatekeeper.sock`,
    ring: `/run/linegate/${name}/gatekeeper.ring`,
    inputs: { trigger: { chip, line: 'ENCODER', bias: 'pull-down' } },
    outputs: { gate: { chip, line: 'STROBE' } },
  };
  writeStation(`/etc/linegate/${name}.yaml`, { station: name, stateFolder: `/var/lib/linegate/${name}/state`, line });
}
