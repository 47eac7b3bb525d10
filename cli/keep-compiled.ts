import module from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/**
 * In a checkout Node keeps what it made of TypeScript, in this thread and in those that it starts, as else every call would wait for
 * it again; where it cannot, it does not.
 */
export function keepCompiled(): void {
  if (!import.meta.url.endsWith('.ts')) return;
  const folder = fileURLToPath(new URL('../node_modules/.cache/linegate', import.meta.url));
  // Not by name: a Node that is too old is told so, by a module that it can load.
  const { directory } = module.enableCompileCache?.(folder) ?? {};
  if (directory !== undefined) process.env['NODE_COMPILE_CACHE'] ??= folder;
}
