/** The little of the WebAssembly API that core uses; TypeScript keeps its own in the browser's library. */
declare namespace WebAssembly {
  type ExportValue = ((...values: number[]) => number) | Memory | Global;

  class Module {
    constructor(bytes: Uint8Array);
  }

  class Instance {
    constructor(module: Module, imports?: Record<string, Record<string, unknown>>);
    readonly exports: Readonly<Record<string, ExportValue>>;
  }

  class Memory {
    constructor(size: { readonly initial: number; readonly maximum?: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }

  class Global {
    readonly value: number;
  }
}
