import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Waits until the disk has the names in a folder. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Replaces a file so that a crash at any moment leaves the old content or the new one, whole. */
export function replaceFile(file: string, content: string): void {
  const fresh = `${file}.${process.pid}.tmp`;
  writeSynced(fresh, content);
  renameSync(fresh, file);
  syncFolder(path.dirname(file));
}

/** Copies files of one folder into another, which is made, and waits until the disk has them. */
export function copyFiles(from: string, to: string, files: readonly string[]): void {
  const folders = new Set([to]);
  for (const file of files) {
    const target = path.join(to, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeSynced(target, readFileSync(path.join(from, file)));
    for (const folder of foldersBetween(to, target)) folders.add(folder);
  }
  for (const folder of folders) syncFolder(folder);
}

/** Writes a file and waits until the disk has its content; its name may still be lost in a power cut. */
function writeSynced(file: string, content: string | Uint8Array): void {
  const fd = openSync(file, 'w', 0o644);
  try {
    writeFileSync(fd, content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function foldersBetween(top: string, file: string): string[] {
  const folder = path.dirname(file);
  return folder.length <= top.length ? [] : [folder, ...foldersBetween(top, folder)];
}
