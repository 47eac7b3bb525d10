import { lstatSync } from 'node:fs';
import path from 'node:path';
import { output } from './command.ts';
import { plainFiles } from './walk.ts';

export interface PartSize {
  readonly part: string;
  readonly unpackedMb: number;
  /** By itself, as in the package; together they come a little smaller. */
  readonly packedMb: number;
}

/** The first that fits says which part a file belongs to. */
const parts: readonly (readonly [part: string, files: RegExp])[] = [
  ['Node.js', /^usr\/lib\/linegate\/bin\/node$/],
  ['onnxruntime', /^usr\/lib\/linegate\/node_modules\/onnxruntime-/],
  ['libvips and sharp', /^usr\/lib\/linegate\/node_modules\/(@img|sharp|semver|detect-libc)/],
  ['SQLite', /^usr\/lib\/linegate\/node_modules\/better-sqlite3/],
  ['native programs', /^usr\/lib\/linegate\/linegate-[a-z0-9]+$/],
  ['linegate itself, bundled', /^usr\/lib\/linegate\//],
  ['models', /^usr\/share\/linegate\/models\//],
  ['documentation, licences, units', /./],
];

/** How large each part of a laid-out package is, unpacked and compressed by itself. Takes as long as making the package. */
export function sizesOf(root: string): PartSize[] {
  const files = plainFiles(root);
  return parts.map(([part], at) => {
    const own = files.filter((file) => parts.findIndex(([, pattern]) => pattern.test(file)) === at);
    const bytes = own.reduce((sum, file) => sum + lstatSync(path.join(root, file)).size, 0);
    const packed = output('sh', ['-c', 'tar -c "$@" | xz -6 -T1 | wc -c', 'sh', ...own], {
      cwd: root,
      from: 'xz-utils',
    });
    return { part, unpackedMb: bytes / 1e6, packedMb: Number(packed) / 1e6 };
  });
}

/** As rows of a Markdown table. */
export function sizesTable(sizes: readonly PartSize[]): string {
  const rows = sizes.map((one) => `| ${one.part} | ${one.unpackedMb.toFixed(1)} | ${one.packedMb.toFixed(1)} |`);
  return ['| part | unpacked, MB | compressed, MB |', '|---|---|---|', ...rows].join('\n');
}
