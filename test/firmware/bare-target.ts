/** A 32-bit processor without an operating system, emulated by QEMU. */
export interface BareTarget {
  readonly name: 'arm' | 'riscv';
  readonly binutils: string;
  readonly programs: readonly string[];
}
