// Writes test/bench/peers/figures.json anew with the other tools (an hour on a busy machine):
// LINEGATE_PEERS_PYTHON=... node test/bench/quantize/store-peers.ts [MODEL...]
import { mkdirSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Bench } from './bench.ts';
import { runPeers, type StoredPeers, storedPeers, storedPeersFile } from './peer-figures.ts';
import { peersPython } from './peer-tools.ts';
import { SUBJECT_NAMES } from './subjects.ts';

const folder = fileURLToPath(new URL('../../../.linegate/bench', import.meta.url));
const found = peersPython();
if ('lacking' in found) throw new RangeError(found.lacking);
mkdirSync(folder, { recursive: true });
const bench = new Bench(folder, true);
const asked = process.argv.slice(2);
let stored: StoredPeers = storedPeers() ?? {
  command: 'node test/bench/quantize/store-peers.ts',
  versions: {},
  models: {},
};
for (const name of asked.length > 0 ? asked : SUBJECT_NAMES) {
  const loaded = await bench.load(name);
  if (typeof loaded === 'string') throw new RangeError(loaded);
  const runs = await runPeers(loaded, found.python, folder);
  stored = {
    ...stored,
    versions: Object.assign({}, stored.versions, ...runs.map(({ made }) => made.versions)),
    models: { ...stored.models, [name]: runs.map(({ figures }) => figures) },
  };
  writeFileSync(storedPeersFile, `${JSON.stringify(stored, null, 2)}\n`);
}
