import { readFileSync } from 'node:fs';

/** What preprocess.wasm exports; agent/native/preprocess/wasm.c says what each does. Pointers are byte offsets. */
export interface PreprocessExports {
  readonly memory: WebAssembly.Memory;
  job(): number;
  row_bytes(): number;
  frame_bytes(): number;
  workspace_bytes(): number;
  run(
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
