/** Loads a computer until it is killed: `load.ts js|disk FOLDER`. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';

const [kind, folder = '.'] = process.argv.slice(2);

/** What an agent does on its event loop, without a pause. */
function js(): void {
  const parts = Array.from({ length: 2000 }, (_, part) => ({ part, scores: [part / 7, part / 11], at: String(part) }));
  for (;;) if (JSON.stringify(JSON.parse(JSON.stringify(parts))).length === 0) return;
}

/** Writes that are flushed, one after the other. */
function disk(): void {
  const file = openSync(path.join(folder, 'load'), 'w');
  const block = Buffer.alloc(256 * 1024, 7);
  for (let count = 0; ; count += 1) {
    writeSync(file, block, 0, block.length, (count % 16) * block.length);
    fsyncSync(file);
    if (count < 0) closeSync(file);
  }
}

if (kind === 'js') js();
else disk();
