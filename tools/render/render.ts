import { exitCodeOf, LinegateError, messageOf } from '../../agent/core/errors.ts';
import { parseRenderArguments, type RenderArguments, usage } from './arguments.ts';
import { writeDataset } from './dataset.ts';
import { writeMontage } from './montage.ts';

async function main(words: readonly string[]): Promise<void> {
  if (words.includes('--help')) {
    console.log(usage);
    return;
  }
  const request = parseRenderArguments(words);
  const { out, montage } = request;
  if (out !== undefined) {
    await orRefuse(out, () => writeDataset(out, request, progressOf(request)));
    process.stderr.write(`\n${request.count} pictures and manifest.csv in ${out}\n`);
  }
  if (montage !== undefined) await orRefuse(montage, () => writeMontage(montage, request));
}

/** Says which path was asked for when the file system refuses it. */
async function orRefuse(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (thrown) {
    if (thrown instanceof LinegateError) throw thrown;
    const why = messageOf(thrown).slice(0, 120);
    throw new LinegateError('bad-argument', `Cannot write to ${path} (${why}): choose another place.`, {
      cause: thrown,
    });
  }
}

/** One line that counts up in a terminal; a line for every tenth when piped. */
function progressOf(request: RenderArguments): (done: number) => void {
  const step = Math.max(1, Math.floor(request.count / (process.stderr.isTTY ? 200 : 10)));
  return (done) => {
    if (done % step !== 0 && done !== request.count) return;
    const line = `drawn ${done} of ${request.count}`;
    process.stderr.write(process.stderr.isTTY ? `\r${line}` : `${line}\n`);
  };
}

try {
  await main(process.argv.slice(2));
} catch (thrown) {
  process.stderr.write(`${messageOf(thrown)}\n`);
  process.exitCode = exitCodeOf(thrown);
}
