import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { atMost, type Check } from '../faults/check.ts';
import type { BareTarget } from './bare-target.ts';
import type { Build } from './cmake.ts';
import { runProgram } from './programs.ts';

/** What a component takes, bytes. */
interface Size {
  /** Code and constants, all of the archive: the linker leaves out what nobody calls. */
  readonly code: number;
  /** Its objects, as main wires them. */
  readonly staticRam: number;
  /** The largest stack frame of one function. */
  readonly frame: number;
}

const components = ['tracker', 'preprocess', 'core', 'flash_ring', 'esp_mqtt_uplink'] as const;

/** Of the application's slot in a flash of 4 MB, and of the smallest board's SRAM: the rest is for ESP-IDF, model and frames. */
const MOST_CODE = 192 * 1024;
const MOST_RAM = 96 * 1024;
/** Of the station task's stack, beside the interpreter's. */
const MOST_STACK = 6 * 1024;
const RUN_MS = 120_000;

/** The sizes of each component and their sums against the budgets. */
export async function sizeChecks(target: BareTarget, { id, folder }: Build): Promise<Check[]> {
  const { output } = await runProgram('ctest', ['--test-dir', folder, '-V', '-R', 'footprint_test'], RUN_MS);
  const sizes = await Promise.all(components.map((component) => sizeOf(target, folder, component, output)));
  const sum = (what: keyof Size) => sizes.reduce((total, size) => total + size[what], 0);
  const stack = Number(/stack station (\d+)/.exec(output)?.[1] ?? Number.NaN);
  return [
    ...components.map((component, i) => sizeCheck(`${id}.size.${component}`, sizes[i])),
    atMost(`${id}.code`, sum('code'), MOST_CODE),
    atMost(`${id}.ram`, sum('staticRam'), MOST_RAM),
    atMost(`${id}.stack`, stack, MOST_STACK),
  ];
}

function sizeCheck(id: string, size: Size | undefined): Check {
  const { code = 0, staticRam = 0, frame = 0 } = size ?? {};
  const value = `code ${code}, static RAM ${staticRam}, largest frame ${frame}`;
  return { id, value, limit: 'code measured', ok: code > 0, ran: true };
}

async function sizeOf(target: BareTarget, folder: string, component: string, footprint: string): Promise<Size> {
  const archive = path.join(folder, 'components', component, `liblinegate_${component}.a`);
  const { output } = await runProgram(`${target.binutils}size`, ['-t', archive], RUN_MS);
  const [, text = '0', data = '0'] = /^\s*(\d+)\s+(\d+)\s+.*\(TOTALS\)/m.exec(output) ?? [];
  const staticRam = new RegExp(`static ${component} (\\d+)`).exec(footprint)?.[1] ?? '0';
  const usage = globSync(`components/${component}/**/*.su`, { cwd: folder });
  const frames = usage.flatMap((file) =>
    readFileSync(path.join(folder, file), 'utf8')
      .split('\n')
      .map((line) => Number(line.split('\t')[1] ?? 0)),
  );
  return { code: Number(text) + Number(data), staticRam: Number(staticRam), frame: Math.max(0, ...frames) };
}
