import { measureBundle } from '../tools/quantize/measure/measure-bundle.ts';

/** Prints what a bundle's model costs on this machine beside float; warnings go to standard error. */
export async function measureOnDevice({ bundle, json }: { readonly bundle: string; readonly json: boolean }) {
  const times = await measureBundle(bundle);
  for (const warning of times.warnings) process.stderr.write(`warning: ${warning}\n`);
  const { float, int8 } = times.latencyMs;
  const faster = times.faster === 'int8' ? 'INT8' : 'float';
  const text = `${times.recipe}, one picture on one thread, median: INT8 ${int8.median} ms, float ${float.median} ms; ${faster} is faster here\n`;
  process.stdout.write(json ? `${JSON.stringify(times, null, 2)}\n` : text);
}
