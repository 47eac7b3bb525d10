import { closeSync, constants, openSync } from 'node:fs';
import path from 'node:path';

const name = 'agent.sock';
/** What fits into the kernel's address of a socket, with the zero that ends it. */
const longestPathBytes = 107;

/** A path by which the kernel takes the socket of a state folder, however long the folder's own path is. */
export interface SocketPlace {
  readonly path: string;
  /** The path is good until then. */
  release(): void;
}

/** Throws what opening the folder throws. */
export function socketPlace(folder: string): SocketPlace {
  const plain = path.resolve(folder, name);
  if (Buffer.byteLength(plain) <= longestPathBytes) return { path: plain, release: () => {} };
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  let open = true;
  const release = (): void => {
    if (open) closeSync(descriptor);
    open = false;
  };
  return { path: `/proc/self/fd/${descriptor}/${name}`, release };
}
