import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { rounded } from '../stats.ts';
import type { Loaded } from './bench.ts';
import { PEER_SETTINGS, type PeerFile, peerLogits, runPeer } from './peer-tools.ts';
import { floatLogits, qualityOf } from './quality.ts';

const figuresSchema = z.strictObject({
  tool: z.enum(['quantize_static', 'TensorFlow Lite']),
  setting: z.string(),
  sizeBytes: z.int(),
  sqnrDb: z.number(),
  agreement: z.number(),
  dropPoints: z.number().optional(),
  dropInterval: z.tuple([z.number(), z.number()]).optional(),
});
const storedSchema = z.strictObject({
  command: z.string(),
  versions: z.record(z.string(), z.string()),
  models: z.record(z.string(), z.array(figuresSchema)),
});

/** What another tool reached on a subject; nothing here depends on the machine. */
export type PeerFigures = z.infer<typeof figuresSchema>;

/** Figures that were measured once, with the versions and the command that measured them. */
export type StoredPeers = z.infer<typeof storedSchema>;

/** A peer that ran now: what it reached, and its file with time and memory of this machine. */
export interface PeerRun {
  readonly figures: PeerFigures;
  readonly made: PeerFile;
}

export const storedPeersFile = fileURLToPath(new URL('../peers/figures.json', import.meta.url));

/** The stored figures; undefined where there are none. */
export function storedPeers(): StoredPeers | undefined {
  if (!existsSync(storedPeersFile)) return undefined;
  return storedSchema.parse(JSON.parse(readFileSync(storedPeersFile, 'utf8')));
}

/** Runs every setting of every other tool on a subject (minutes); a setting that fails is left out, loudly. */
export async function runPeers(loaded: Loaded, python: string, folder: string): Promise<PeerRun[]> {
  const exact = await floatLogits(loaded);
  const runs: PeerRun[] = [];
  for (const one of PEER_SETTINGS) {
    process.stderr.write(`${one.tool}, ${one.setting}: ${loaded.subject.name}\n`);
    try {
      const made = runPeer(one, loaded, python, folder);
      const quality = qualityOf(loaded, exact, await peerLogits(made, loaded, python));
      runs.push({ figures: { ...one, sizeBytes: made.sizeBytes, ...mutable(quality) }, made: roundedTime(made) });
    } catch (error) {
      process.stderr.write(`LEFT OUT: ${one.setting} on ${loaded.subject.name} (${String(error).slice(0, 300)})\n`);
    }
  }
  return runs;
}

function mutable({ dropInterval, ...rest }: ReturnType<typeof qualityOf>) {
  return dropInterval === undefined ? rest : { ...rest, dropInterval: [...dropInterval] as [number, number] };
}

function roundedTime(made: PeerFile): PeerFile {
  return { ...made, seconds: rounded(made.seconds, 1) };
}
