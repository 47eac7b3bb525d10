/**
 * Where another entry of the program lies: a worker thread or a child process. `baseUrl`: import.meta.url of the module
 * that asks; `file`: the entry as it lies in the checkout, relative to that module, such as `./sqlite-thread.ts`. In a
 * bundle all entries lie side by side, each in one file of CommonJS.
 */
export function siblingEntry(baseUrl: string, file: string): URL {
  if (!baseUrl.endsWith('.js')) return new URL(file, baseUrl);
  const name = file.slice(file.lastIndexOf('/') + 1);
  return new URL(name.replace(/\.ts$/, '.cjs'), baseUrl);
}
