import { LinegateError, messageOf } from './errors.ts';

/**
 * Loads a package that is not installed with linegate. `T` is what the caller uses of it; its own types may not be there.
 * Rejects with LinegateError 'missing-package' that says what needs it and how to get it.
 * @param instead what to use without it, such as `or use the engine onnx`
 */
export async function importOptional<T>(name: string, neededBy: string, instead: string): Promise<T> {
  try {
    const module: { readonly default: T } = await import(name);
    return module.default;
  } catch (cause) {
    throw new LinegateError(
      'missing-package',
      `${neededBy} needs the optional package ${name}, which does not load (${reason(cause)}): run "npm install --ignore-scripts=false ${name}", ${instead}.`,
      { cause },
    );
  }
}

/** Node names the importing file of a package that it does not find; that is ours and helps nobody. */
function reason(cause: unknown): string {
  const notFound =
    cause instanceof Error &&
    'code' in cause &&
    (cause.code === 'ERR_MODULE_NOT_FOUND' || cause.code === 'MODULE_NOT_FOUND');
  return notFound ? 'it is not installed' : messageOf(cause);
}
