import { readFileSync } from 'node:fs';

/** What agent/native/track/wasm.c exports; times are ns as f64. Inputs return how many events wait. */
export interface TrackerExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  configure(...values: number[]): number;
  trigger(atNs: number): number;
  verdict(part: number, code: number, atNs: number): number;
  confirm(atNs: number): number;
  tick(nowNs: number): number;
  stop(nowNs: number): number;
  resume(): void;
  next(): number;
  /** Addresses of arrays of f64. */
  take(): number;
  counters(): number;
}

// The file lies beside this one in a checkout and beside the bundle in a build: the same expression finds both.
let compiled: WebAssembly.Module | undefined;

/** A module of its own, with memory of its own, for each tracker. It imports nothing, so it can do nothing else. */
export function instantiate(): TrackerExports {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./track.wasm', import.meta.url)));
  return new WebAssembly.Instance(compiled, {}).exports as unknown as TrackerExports;
}
