/** A file, device or folder. */
export interface PathFacts {
  readonly kind: 'file' | 'folder' | 'device' | 'socket' | 'other';
  readonly uid: number;
  readonly gid: number;
  /** Permission bits. */
  readonly mode: number;
  readonly sizeBytes: number;
  readonly changedMs: number;
  /** Whether this process may. */
  readonly readable: boolean;
  readonly writable: boolean;
}

/** How a program ended; `missing`: it is not installed, `slow`: it was killed after the time it had. */
export type Ran =
  | { readonly kind: 'ran'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'missing' | 'slow' };

export interface Space {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Who runs this. */
export interface User {
  readonly uid: number;
  readonly name: string;
  /** Names of all its groups. */
  readonly groups: readonly string[];
}

/** The computer as a check may look at it: nothing here changes anything, and nothing waits for long. */
export interface Host {
  /** The text of a file of at most 1 MB; undefined when it cannot be read. */
  text(path: string): Promise<string | undefined>;
  /** The names in a folder, sorted; none when it cannot be read. */
  names(folder: string): Promise<readonly string[]>;
  facts(path: string): Promise<PathFacts | undefined>;
  /** Runs a program that only reads, for a few seconds at most. */
  run(program: string, args: readonly string[]): Promise<Ran>;
  space(folder: string): Promise<Space | undefined>;
  user(): Promise<User>;
}
