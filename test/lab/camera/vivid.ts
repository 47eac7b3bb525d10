import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const driver = '/sys/bus/platform/drivers/vivid';
const vividDevice = 'vivid.0';

interface Listed {
  readonly device: string;
  readonly driver: string;
  readonly formats: readonly { readonly format: string; readonly usable: boolean }[];
}

/** The kernel's virtual camera, as `linegate-v4l2 --list` tells of it. */
export function findVivid(program: string): Listed | undefined {
  const listed = JSON.parse(execFileSync(program, ['--list'], { encoding: 'utf8' })) as Listed[];
  return listed.find((camera) => camera.driver === 'vivid');
}

/** Buttons of the virtual camera, by the numbers of its driver. */
const buttons = { disconnect: 0x00f0f041, 'inject-frame-error': 0x00f0f042, 'inject-fatal-error': 0x00f0f046 } as const;

/** Presses a button: VIDIOC_S_CTRL, from Perl, which every Debian has. */
export function press(device: string, button: keyof typeof buttons): void {
  const script = 'open(F, "+<", $ARGV[0]) or die $!; ioctl(F, 0xC008561C, pack("Ll", $ARGV[1], 1)) or die $!;';
  execFileSync('/usr/bin/perl', ['-e', script, device, String(buttons[button])]);
}

/** Pulls the camera out of the computer: its device is gone. */
export function pullOut(): void {
  writeFileSync(`${driver}/unbind`, vividDevice);
}

/** Puts it back. */
export function plugIn(): void {
  writeFileSync(`${driver}/bind`, vividDevice);
}

/** The processes that run `program`. */
export function runningProcesses(program: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandOf(pid).startsWith(`${program}\0`))
    .map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
