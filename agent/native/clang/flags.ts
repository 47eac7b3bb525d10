/** The compiler whose output is committed: another version may give other bytes. */
export const clang = 'clang-19';

/** Warnings for every C file, all of them errors. */
export const warningFlags = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-Wconversion', '-Wshadow', '-Wundef'] as const;

/** Code for WebAssembly; with bulk memory the compiler needs no memset or memcpy of ours. */
export const wasmCompileFlags = ['--target=wasm32', '-O2', '-ffreestanding', '-nostdlib', '-mbulk-memory'] as const;

/** A module without entry, imports or names, so that the same source always gives the same bytes. */
export const wasmLinkFlags = [
  '-Wl,--no-entry',
  '-Wl,--strip-all',
  '-Wl,--stack-first',
  '-Wl,-z,stack-size=16384',
] as const;
