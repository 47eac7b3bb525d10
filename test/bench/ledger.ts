/** Rows a second and bytes a row of the ledger's file, by rows a commit: `node test/bench/ledger.ts [FOLDER]`. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStore } from '../../agent/adapters/ledger/sqlite-store.ts';
import { type Entry, toEntry } from '../../agent/core/ledger/row.ts';
import { partRow } from '../../agent/pipeline/rows.ts';

const COMMITS = 2000;

function entry(part: number): Entry {
  const triggerNs = part * 1e8;
  const scores = [0.9712, 0.0112, 0.0042, 0.0031, 0.0029, 0.0028, 0.0026, 0.002];
  const row = partRow(
    {
      state: 'closed',
      part,
      triggerNs,
      triggerWallMs: 1.7e12 + part * 100,
      deadlineNs: triggerNs + 380_000_000,
      pulse: null,
      frame: { sensorNs: triggerNs + 4_123_456, clock: 'monotonic', sequence: part },
      judgement: {
        kind: 'verdict',
        verdict: 'pass',
        label: 'normal',
        score: 0.9712,
        scores,
        atNs: triggerNs + 9_876_543,
      },
      late: null,
      action: 'pass',
      cause: 'verdict',
      resolvedNs: triggerNs + 10_000_000,
      tooClose: false,
      confirmation: 'none',
      closedNs: triggerNs + 700_000_000,
    },
    'machined-ring@1',
    null,
  );
  return toEntry(row);
}

function bytesWritten(): { readonly byCalls: number; readonly toDisk: number } {
  const io = readFileSync('/proc/self/io', 'utf8');
  const field = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(io)?.[1]);
  return { byCalls: field('wchar'), toDisk: field('write_bytes') };
}

function measure(folder: string, rowsPerCommit: number): Record<string, number> {
  const store = new SqliteStore(join(folder, `${rowsPerCommit}.db`));
  store.begin({ bootId: 'bench', monoMs: 0, wallMs: 0 });
  const before = bytesWritten();
  const startMs = performance.now();
  let part = 0;
  for (let batch = 1; batch <= COMMITS; batch++) {
    store.commit(
      batch,
      Array.from({ length: rowsPerCommit }, () => {
        part += 1;
        return entry(part);
      }),
    );
  }
  const seconds = (performance.now() - startMs) / 1000;
  const after = bytesWritten();
  store.close({ monoMs: 0, wallMs: 0 });
  return {
    'rows a commit': rowsPerCommit,
    'rows a second': Math.round(part / seconds),
    'ms a commit': Number(((seconds * 1000) / COMMITS).toFixed(3)),
    'bytes written a row': Math.round((after.byCalls - before.byCalls) / part),
    'bytes to the disk a row': Math.round((after.toDisk - before.toDisk) / part),
    'bytes of row content': Buffer.byteLength(JSON.stringify(entry(part))),
  };
}

const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'linegate-bench-'));
try {
  console.table([1, 10, 100].map((rowsPerCommit) => measure(folder, rowsPerCommit)));
} finally {
  rmSync(folder, { recursive: true });
}
