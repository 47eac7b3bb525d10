import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Check } from '../faults/check.ts';

/** On-chip SRAM by the data sheets; what ESP-IDF, Wi-Fi, the arena and the frames take of it comes on top. */
const boards = [
  { name: 'ESP32', sramKb: 520, psram: 'ESP32-CAM: 4 MB' },
  { name: 'ESP32-S3', sramKb: 512, psram: '8 MB' },
  { name: 'ESP32-C3', sramKb: 400, psram: 'none' },
] as const;

const page = path.join(import.meta.dirname, '../../docs/esp32-memory.md');

/** Writes docs/esp32-memory.md of the sizes that a run measured. Throws RangeError where it measured none. */
export function writeMemoryPage(checks: readonly Check[]): void {
  const rows = checks.flatMap(({ id, value }) => sizeRow(id, String(value)));
  if (rows.length === 0) throw new RangeError('No sizes were measured: install a bare-metal compiler and QEMU.');
  const totals = ['arm', 'riscv'].map((target) => totalsOf(checks, target));
  const text = `# The ESP32 station's memory

Made by \`npm run firmware -- --write-sizes\`; do not edit. Measured with -Os on emulated 32-bit processors of the same word size:
a Cortex-M3 (arm) and rv32imc (riscv), the core of the ESP32-C3. Xtensa was not measured; no board was at hand.

Code is all of a component's archive, before the linker leaves out what nobody calls. Static RAM is its objects as \`main\` wires them,
without the edge's, the tensor, its workspace and the interpreter's arena, which are the model's. A frame is the largest of one function.

| component | target | code, bytes | static RAM, bytes | largest frame, bytes |
|---|---|---|---|---|
${rows.join('\n')}

| target | code | static RAM | deepest stack of the station task, without the interpreter |
|---|---|---|---|
${totals.join('\n')}

What static RAM and stack together take of each chip's SRAM; the rest is for ESP-IDF, Wi-Fi, tensor and arena and, without PSRAM,
the frames:

| chip | SRAM, kB | portable parts | PSRAM |
|---|---|---|---|
${boards.map(({ name, sramKb, psram }) => `| ${name} | ${sramKb} | ${share(checks, sramKb)} | ${psram} |`).join('\n')}
`;
  writeFileSync(page, text);
}

function sizeRow(id: string, value: string): string[] {
  const [, target, component] = /^firmware\.(arm|riscv)\.size\.(\w+)$/.exec(id) ?? [];
  const [, code, ram, frame] = /^code (\d+), static RAM (\d+), largest frame (\d+)$/.exec(value) ?? [];
  return component === undefined ? [] : [`| ${component} | ${target} | ${code} | ${ram} | ${frame} |`];
}

function figureOf(checks: readonly Check[], id: string): number {
  return Number(checks.find((check) => check.id === id)?.value ?? Number.NaN);
}

function totalsOf(checks: readonly Check[], target: string): string {
  const cells = ['code', 'ram', 'stack'].map((what) => figureOf(checks, `firmware.${target}.${what}`));
  return `| ${target} | ${cells.join(' | ')} |`;
}

function share(checks: readonly Check[], sramKb: number): string {
  const bytes = figureOf(checks, 'firmware.riscv.ram') + figureOf(checks, 'firmware.riscv.stack');
  return `${Math.round(bytes / 1000)} kB (${Math.round(bytes / 10 / sramKb)} %)`;
}
