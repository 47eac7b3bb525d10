import { LinegateError } from '../../agent/core/errors.ts';

/** One processor that there are packages for, by the names that Debian, npm and GNU give it. */
export interface Arch {
  readonly debian: 'amd64' | 'arm64';
  readonly npm: 'x64' | 'arm64';
  readonly gnu: 'x86_64-linux-gnu' | 'aarch64-linux-gnu';
}

const arches: readonly Arch[] = [
  { debian: 'amd64', npm: 'x64', gnu: 'x86_64-linux-gnu' },
  { debian: 'arm64', npm: 'arm64', gnu: 'aarch64-linux-gnu' },
];

/** The processors for `amd64`, `arm64` or `all`. Throws LinegateError 'bad-argument' for another word. */
export function archesOf(word: string): readonly Arch[] {
  const found = arches.filter(({ debian }) => word === 'all' || word === debian);
  if (found.length > 0) return found;
  throw new LinegateError('bad-argument', `There is no package for "${word}"; give --arch amd64, arm64 or all.`);
}

/** Debian's name for this machine's processor. */
export function ownArch(): string {
  return arches.find(({ npm }) => npm === process.arch)?.debian ?? process.arch;
}

/** What a package for it is called as a bundle's platform. */
export function platformOf({ npm }: Arch): string {
  return `linux-${npm}`;
}

/** A program of GNU binutils for it, such as `strip`: this machine's own where it can, so that no cross tools are needed. */
export function binutil(name: string, { npm, gnu }: Arch): string {
  return npm === process.arch ? name : `${gnu}-${name}`;
}
