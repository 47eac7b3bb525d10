import { readFileSync } from 'node:fs';

/** What preprocess.wasm exports; agent/native/preprocess/preprocess.h says what each does. Pointers are byte offsets. */
export interface PreprocessExports {
  readonly memory: WebAssembly.Memory;
  readonly __heap_base: WebAssembly.Global;
  preprocess_workspace_bytes(job: number): number;
  preprocess_row_bytes(job: number): number;
  preprocess_frame_bytes(job: number): number;
  preprocess_run(
    job: number,
    frame: number,
    frameBytes: number,
    workspace: number,
    workspaceBytes: number,
    tensor: number,
    tensorBytes: number,
  ): number;
}

let compiled: WebAssembly.Module | undefined;

/** A fresh instance with a memory of its own; the module is read and compiled once. */
export function instantiatePreprocess(): PreprocessExports {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./preprocess.wasm', import.meta.url)));
  const instance = new WebAssembly.Instance(compiled, {});
  return instance.exports as unknown as PreprocessExports;
}
