// Computers made up from public documentation (kernel sources, device trees, vendors' manuals, gpiodetect listings), not
// recorded on hardware: they show that the checks read what is written there, not that a device writes it.
import { gpioAnswer, piHeader } from './chips.ts';
import type { Computer } from './computer.ts';

const sdMount = '24 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw\n';
const gpio = 'linegate-gpioinfo';

function meminfo(totalKb: number, availableKb: number): string {
  return `MemTotal:       ${totalKb} kB\nMemFree:        ${availableKb} kB\nMemAvailable:   ${availableKb} kB\n`;
}

const sdCard = {
  '/proc/self/mountinfo': sdMount,
  '/sys/dev/block/179:2/uevent': 'MAJOR=179\nMINOR=2\nDEVNAME=mmcblk0p2\nDEVTYPE=partition\n',
  '/sys/block/mmcblk0/device/type': 'SD\n',
};

/** Raspberry Pi OS Bookworm, as it comes: outputs outlive their process. */
export const pi4: Computer = {
  files: {
    ...sdCard,
    '/proc/sys/kernel/osrelease': '6.6.51+rpt-rpi-v8\n',
    '/proc/device-tree/model': 'Raspberry Pi 4 Model B Rev 1.5\0',
    '/proc/meminfo': meminfo(3_886_552, 3_200_000),
    '/proc/swaps':
      'Filename\tType\tSize\tUsed\tPriority\n/var/swap                               file\t524284\t0\t-2\n',
    '/sys/class/thermal/thermal_zone0/temp': '48686\n',
    '/sys/devices/platform/soc/soc:firmware/get_throttled': '0\n',
    '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor': 'ondemand\n',
    '/sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs': 'Y\n',
    '/sys/class/hwmon/hwmon1/name': 'rpi_volt\n',
    '/sys/class/hwmon/hwmon1/in0_lcrit_alarm': '0\n',
    '/boot/firmware/config.txt': '# comment\ndtparam=audio=on\ndtparam=spi=on # for a display\nenable_uart=1\n[all]\n',
    '/run/systemd/timesync/synchronized': '',
  },
  devices: { '/dev/gpiochip0': true, '/dev/video0': true, '/dev/spidev0.0': true },
  programs: { [gpio]: gpioAnswer([{ label: 'pinctrl-bcm2711', names: piHeader }]) },
};

/** An SSD, a battery clock, outputs that fall back. */
export const pi5: Computer = {
  files: {
    '/proc/self/mountinfo': '24 1 259:2 / / rw,noatime shared:1 - ext4 /dev/nvme0n1p2 rw\n',
    '/sys/dev/block/259:2/uevent': 'MAJOR=259\nMINOR=2\nDEVNAME=nvme0n1p2\n',
    '/proc/sys/kernel/osrelease': '6.12.25+rpt-rpi-2712\n',
    '/proc/device-tree/model': 'Raspberry Pi 5 Model B Rev 1.0\0',
    '/proc/meminfo': meminfo(8_254_000, 7_000_000),
    '/proc/swaps': 'Filename\tType\tSize\tUsed\tPriority\n/dev/zram0 partition\t2097148\t4096\t100\n',
    '/sys/class/thermal/thermal_zone0/temp': '51250\n',
    '/sys/devices/platform/soc@107c000000/x': '',
    '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor': 'ondemand\n',
    '/sys/class/rtc/rtc0/name': 'rpi_rtc soc@107c000000:rpi_rtc\n',
    '/sys/class/rtc/rtc0/since_epoch': '1770000002\n',
    '/boot/firmware/config.txt': 'dtparam=strict_gpiod\n',
    '/proc/cmdline': 'console=tty1 pinctrl_rp1.persist_gpio_outputs=n\n',
  },
  devices: { '/dev/gpiochip0': true, '/dev/gpiochip10': true },
  programs: {
    [gpio]: gpioAnswer([
      { label: 'pinctrl-rp1', names: piHeader },
      { label: 'gpio-brcmstb@107d508500', names: ['-', '2712_BOOT_CS_N'] },
    ]),
    'vcgencmd get_throttled': 'throttled=0x50000\n',
    'timedatectl show -p NTPSynchronized --value': 'yes\n',
  },
};

/** Little memory, swap on the card in use, under-voltage, a user in no group. */
export const zero2W: Computer = {
  files: {
    ...sdCard,
    '/proc/sys/kernel/osrelease': '6.1.21-v8+\n',
    '/proc/device-tree/model': 'Raspberry Pi Zero 2 W Rev 1.0\0',
    '/proc/meminfo': meminfo(437_000, 92_000),
    '/proc/swaps': 'Filename\tType\tSize\tUsed\tPriority\n/var/swap file\t102396\t80000\t-2\n',
    '/sys/class/thermal/thermal_zone0/temp': '79900\n',
    '/sys/devices/platform/soc/soc:firmware/get_throttled': '50005\n',
    '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor': 'powersave\n',
    '/run/systemd/timesync/x': '',
    '/proc/self/limits':
      'Max realtime priority     0                    0\nMax locked memory         67108864 67108864 bytes\n',
  },
  devices: { '/dev/gpiochip0': false },
  programs: {
    [gpio]: JSON.stringify({ chips: [], refused: [{ device: '/dev/gpiochip0', reason: 'Permission denied' }] }),
    'dmesg --level err,warn,notice,crit':
      '[    9.1] hwmon hwmon1: Undervoltage detected!\n[   12.0] Voltage normalised\n',
  },
  user: { uid: 1000, name: 'pi', groups: ['pi'] },
};

/** JetPack 6. */
export const jetsonOrin: Computer = {
  files: {
    '/proc/self/mountinfo': '24 1 179:1 / / rw,relatime shared:1 - ext4 /dev/mmcblk0p1 rw\n',
    '/sys/dev/block/179:1/uevent': 'DEVNAME=mmcblk0p1\n',
    '/sys/block/mmcblk0/device/type': 'MMC\n',
    '/proc/sys/kernel/osrelease': '5.15.148-tegra\n',
    '/proc/device-tree/model': 'NVIDIA Jetson Orin Nano Developer Kit\0',
    '/proc/meminfo': meminfo(7_800_000, 6_000_000),
    '/proc/swaps': 'Filename\tType\tSize\tUsed\tPriority\n/dev/zram0 partition\t1000\t0\t5\n',
    '/sys/class/thermal/thermal_zone0/temp': '50500\n',
    '/sys/class/thermal/thermal_zone1/temp': '-256000\n',
    '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor': 'schedutil\n',
  },
  devices: { '/dev/gpiochip0': true, '/dev/gpiochip1': true },
  programs: {
    [gpio]: gpioAnswer([
      { label: 'tegra234-gpio', names: ['PA.00', 'PQ.05', 'PQ.06', 'PN.01'] },
      { label: 'tegra234-gpio-aon', names: ['PAA.00'] },
    ]),
    'chronyc -c tracking': 'A29FC87B,10.0.0.1,3,1770000000.1,0.0001,0,0,0,0,0,0,0,64,Normal\n',
  },
};

/** A computer on a desk, with neither GPIO nor a camera, and a kernel from before the interface. */
export const oldPc: Computer = {
  files: {
    '/proc/self/mountinfo': '24 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 24 0:40 / /tmp rw - tmpfs tmpfs rw\n',
    '/sys/dev/block/8:1/uevent': 'DEVNAME=sda1\n',
    '/sys/block/sda/queue/rotational': '1\n',
    '/sys/block/sda/removable': '0\n',
    '/proc/sys/kernel/osrelease': '5.4.0-42-generic\n',
    '/proc/meminfo': meminfo(16_000_000, 8_000_000),
    '/proc/swaps': 'Filename\tType\tSize\tUsed\tPriority\n',
  },
  programs: { [gpio]: gpioAnswer([]) },
};
