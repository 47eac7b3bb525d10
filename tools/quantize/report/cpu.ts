import { readFile } from 'node:fs/promises';
import process from 'node:process';

/** What Linux says of this machine's CPU; empty elsewhere. */
export async function cpuInfo(): Promise<string> {
  try {
    return await readFile('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}

/**
 * True for an x86 CPU without VNNI: there onnxruntime adds pairs of uint8 * int8 products in 16 bits, which saturate, so
 * scores can differ from every other device's. `info` is /proc/cpuinfo.
 */
export function sumsSaturate(info: string, architecture: string = process.arch): boolean {
  return architecture === 'x64' && /^flags\s*:/m.test(info) && !/\bavx(512)?_vnni\b/.test(info);
}
