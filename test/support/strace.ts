import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** The system calls that open sockets, talk through them, or change what is on a disk. */
const traced = [
  'network',
  ...['open', 'openat', 'openat2', 'creat', 'mkdir', 'mkdirat', 'mknod', 'mknodat', 'truncate'],
  ...['rename', 'renameat', 'renameat2', 'unlink', 'unlinkat', 'rmdir'],
  ...['link', 'linkat', 'symlink', 'symlinkat'],
];

/** The command that runs another one, with all its threads and children, and writes what they call to `file`. */
export function straceTo(file: string): string[] {
  return ['strace', '-f', '-y', '-s', '4096', '-e', `trace=${traced.join(',')}`, '-o', file];
}

/** Whether a command is there and may do what it is for. */
export function runs(program = '', ...args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

/** What a traced program did that others could see. */
export interface Traces {
  /** Calls on sockets, but for pairs that join the program's own processes. */
  readonly network: readonly string[];
  /** Paths that it made, wrote or removed, or tried to. */
  readonly written: readonly string[];
  /** Paths that it opened for reading. */
  readonly read: readonly string[];
}

/** Calls on sockets that reach nobody new. */
const harmless = /^(socketpair\(AF_UNIX|shutdown|[gs]etsockopt|getsockname)/;
const fileCall = /^(open|openat|openat2|creat|mkdir|mkdirat|mknod|mknodat|truncate|rename|unlink|rmdir|link|symlink)/;
const forWriting = /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE/;
/** A path argument, behind the folder that it starts from where the call names one. */
const pathArgument = /(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"/g;

/** Reads what `straceTo` wrote; `cwd` is where the program started. */
export function readTraces(text: string, cwd: string): Traces {
  const traces = { network: [] as string[], written: [] as string[], read: [] as string[] };
  for (const line of text.split('\n')) {
    const call = line.replace(/^\d+ +/, '');
    // The rest of a call that was interrupted in the log, a signal, an end.
    if (!/^[a-z0-9_]+\(/.test(call)) continue;
    if (!fileCall.test(call)) {
      if (!harmless.test(call)) traces.network.push(call);
      continue;
    }
    const paths = [...call.matchAll(pathArgument)].map(([, folder, file = '']) => path.resolve(folder ?? cwd, file));
    const reading = call.startsWith('open') && !forWriting.test(call);
    (reading ? traces.read : traces.written).push(...paths);
  }
  return traces;
}
