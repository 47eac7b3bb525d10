import path from 'node:path';
import { type Check, notRun } from '../faults/check.ts';
import type { BareTarget } from './bare-target.ts';
import { type Build, build, firmwareFolder, tests } from './cmake.ts';
import { missingPrograms } from './programs.ts';
import { sizeChecks } from './sizes.ts';
import type { FirmwareSuite } from './suite.ts';

const targets: readonly BareTarget[] = [
  { name: 'arm', binutils: 'arm-none-eabi-', programs: ['arm-none-eabi-g++', 'qemu-system-arm'] },
  { name: 'riscv', binutils: 'riscv64-unknown-elf-', programs: ['riscv64-unknown-elf-g++', 'qemu-system-riscv32'] },
];

/** What has no need of the C++ library, nor of threads or sockets. */
const COMPONENTS = 'ports;tracker;preprocess;core;flash_ring;esp_mqtt_uplink';
const TESTS = 'core;footprint;flash_ring;uplink';
/** A power cut at every write and long random lives take hours under an emulator; the host plays them. */
const TOO_LONG = '^flash_ring_(cuts|random)_test$';

/** The portable components on two emulated processors, with the same golden files, and what they take of each board's memory. */
export const bareSuites: readonly FirmwareSuite[] = targets.map((target) => ({
  name: target.name,
  run: async ({ folder, say }) => {
    const lacking = missingPrograms(['cmake', 'ninja', ...target.programs]);
    const id = `firmware.${target.name}`;
    if (lacking.length > 0) return [notRun(id, `${lacking.join(', ')} not installed`)];
    say(`${id} ...`);
    return checksOf(target, bareBuild(target, path.join(folder, target.name)));
  },
}));

function bareBuild({ name }: BareTarget, folder: string): Build {
  const toolchain = path.join(firmwareFolder, 'test/bare', `${name}.cmake`);
  const settings = [`-DCMAKE_TOOLCHAIN_FILE=${toolchain}`, `-DLINEGATE_COMPONENTS=${COMPONENTS}`];
  return { id: `firmware.${name}`, folder, settings: [...settings, `-DLINEGATE_TESTS=${TESTS}`] };
}

async function checksOf(target: BareTarget, bare: Build): Promise<Check[]> {
  const built = await build(bare);
  return built.ok ? [built, await tests(bare, '.', TOO_LONG), ...(await sizeChecks(target, bare))] : [built];
}
