import { LinegateError, messageOf } from '../../agent/core/errors.ts';

const install = 'run "npm install esptool-js@0.7.0 serialport@13.0.0"';

/**
 * Loads an optional package, whole. `T` is what the caller uses of it; its own types may not be there.
 * Rejects with LinegateError 'missing-package' that says how to get it.
 */
export async function loadPackage<T>(name: string, load: (name: string) => Promise<T> = importWhole): Promise<T> {
  try {
    return await load(name);
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
    const why = missing ? 'is not installed' : `does not load (${messageOf(cause).slice(0, 160)})`;
    throw new LinegateError(
      'missing-package',
      `An ESP32 is reached with the package ${name}, which ${why}: ${install}.`,
      {
        cause,
      },
    );
  }
}

function importWhole<T>(name: string): Promise<T> {
  return import(name);
}
