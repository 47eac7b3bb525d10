import { bits, line, Noise } from './text.ts';

const edges = [
  0,
  -0,
  1,
  -1,
  0.1,
  0.2,
  0.3,
  1 / 3,
  2 / 3,
  1e21,
  1e20,
  123456789012345680000,
  1e-6,
  1e-7,
  5e-324,
  2.2250738585072014e-308,
  2.225073858507201e-308,
  1.7976931348623157e308,
  9007199254740991,
  9007199254740992,
  4.35,
  0.5,
  1e23,
  8.41e21,
  5e-323,
  2 ** 52,
  2 ** 53,
  2 ** 54,
  2 ** -1022,
  2 ** -1074,
  2 ** 1023,
  1e22,
  9.5e-7,
  0.000001234,
];

/** Doubles with the text that JavaScript gives them. */
export function numberLines(): string[] {
  const noise = new Noise(1);
  const anyBits = Array.from({ length: 400 }, () => fromWords(noise.below(2 ** 32), noise.below(2 ** 32)));
  const times = Array.from({ length: 300 }, () => (noise.below(2 ** 21) * 2 ** 32 + noise.below(2 ** 32)) / 1e6);
  const scores = Array.from({ length: 100 }, () => noise.below(10_001) / 1e4);
  const all = [...edges, ...anyBits.filter(Number.isFinite), ...times, ...scores];
  return all.map((value) => line(bits(value), String(value)));
}

function fromWords(high: number, low: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, high);
  view.setUint32(4, low);
  return view.getFloat64(0);
}
