import { canonicalJson } from '../../../agent/core/ledger/row.ts';
import { line, Noise } from './text.ts';

/** Texts, as hexadecimal UTF-8, with the canonical JSON that the agent writes for them, as hexadecimal, too. */
export function stringLines(): string[] {
  const noise = new Noise(2);
  const controls = Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1));
  const words = ['', 'scratch', '"quoted"', 'back\\slash', 'Gehäuse', '部品', '😀', '\u007f\u0080\u2028', 'a/b'];
  const random = Array.from({ length: 60 }, () =>
    String.fromCodePoint(...Array.from({ length: noise.below(12) }, () => 1 + noise.below(0xd7ff))),
  );
  return [...controls, ...words, ...random].map((text) => line(`x${hex(text)}`, hex(canonicalJson(text))));
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}
