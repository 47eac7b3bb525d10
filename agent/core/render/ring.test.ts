import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { LinegateError } from '../errors.ts';
import { randomOf } from './prng.ts';
import {
  type RingClass,
  type RingDomain,
  renderRing,
  ringClasses,
  ringDomains,
  ringRendererVersion,
  sampleRing,
} from './ring.ts';

const quiet: RingDomain = { ...ringDomains.standard, noise: [0, 0] };
const defectClasses = ringClasses.filter((name) => name !== 'normal');

function draw(seed: number, ringClass: RingClass, severity: number, domain = quiet, sizePx = 160): Uint8Array {
  return renderRing({ seed, ringClass, severity, domain, sizePx });
}

/** Pixels whose green differs by more than a person would overlook. */
function changedPixels(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let byte = 1; byte < a.length; byte += 3) {
    if (Math.abs((a[byte] ?? 0) - (b[byte] ?? 0)) > 16) count += 1;
  }
  return count;
}

function meanOf(pixels: Uint8Array): number {
  return pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
}

describe('the same request gives the same bytes on every machine', () => {
  // Stored from x86-64 and equal on arm64; a change of look needs a new ringRendererVersion.
  const stored: Readonly<Record<RingClass, string>> = {
    normal: '1:6614330465218fd0',
    scratch: '1:e55ff26310ff7d99',
    dent: '1:9ede1e2b4d633a51',
    crack: '1:936b4966f90cac05',
    discoloration: '1:bf565bba3f0a5b82',
    'missing-component': '1:2784814a7e2c82ff',
    misalignment: '1:131fabebb1ec5299',
    other: '1:0b599f608fdae738',
  };

  for (const ringClass of ringClasses) {
    test(`${ringClass} has its stored checksum`, () => {
      const hash = createHash('sha256');
      for (let seed = 0; seed < 10; seed += 1) {
        hash.update(draw(seed, ringClass, seed / 9, ringDomains[seed % 2 === 0 ? 'standard' : 'shifted']));
      }
      hash.update(draw(99, ringClass, 0.5, ringDomains.standard, 96));
      assert.equal(`${ringRendererVersion}:${hash.digest('hex').slice(0, 16)}`, stored[ringClass]);
    });
  }

  test('whatever was drawn before', () => {
    const first = draw(5, 'other', 0.7);
    draw(6, 'crack', 0.2, ringDomains.shifted, 64);
    assert.deepEqual(draw(5, 'other', 0.7), first);
  });

  test('seeds beyond 32 bits are seeds of their own', () => {
    assert.notDeepEqual(draw(2 ** 32 + 7, 'normal', 0), draw(7, 'normal', 0));
  });
});

describe('a defect changes the picture, and a gross one more than a marginal one', () => {
  const seeds = Array.from({ length: 16 }, (_, n) => n * 31 + 1);

  for (const ringClass of defectClasses) {
    test(ringClass, () => {
      const levels = [0, 0.5, 1].map((severity) => {
        const changes = seeds.map((seed) => changedPixels(draw(seed, ringClass, severity), draw(seed, 'normal', 0)));
        return { least: Math.min(...changes), mean: changes.reduce((sum, n) => sum + n, 0) / changes.length };
      });
      const [marginal, middle, gross] = levels;
      assert.ok(marginal !== undefined && middle !== undefined && gross !== undefined);
      assert.ok(marginal.least >= 5, `a marginal ${ringClass} changes only ${marginal.least} pixels`);
      assert.ok(marginal.mean < middle.mean && middle.mean < gross.mean, JSON.stringify(levels));
    });
  }

  test('severity is of no effect on normal', () => {
    assert.deepEqual(draw(3, 'normal', 0), draw(3, 'normal', 1));
  });

  test('no two classes give the same picture', () => {
    const pictures = new Set(ringClasses.map((name) => Buffer.from(draw(8, name, 0.5)).toString('base64')));
    assert.equal(pictures.size, ringClasses.length);
  });

  test('normal parts differ from one another', () => {
    assert.ok(changedPixels(draw(1, 'normal', 0), draw(2, 'normal', 0)) > 500);
  });
});

describe('camera', () => {
  const seeds = Array.from({ length: 8 }, (_, n) => n);

  test('the shifted domain is darker than the standard one', () => {
    const brightness = (domain: RingDomain): number =>
      seeds.reduce((sum, seed) => sum + meanOf(draw(seed, 'normal', 0, domain)), 0) / seeds.length;
    assert.ok(brightness(ringDomains.shifted) < brightness(ringDomains.standard) - 10);
  });

  test('noise has the standard deviation asked for', () => {
    const noisy = draw(4, 'normal', 0, { ...quiet, noise: [5, 5] });
    const clean = draw(4, 'normal', 0);
    let square = 0;
    for (let byte = 1; byte < noisy.length; byte += 3) square += ((noisy[byte] ?? 0) - (clean[byte] ?? 0)) ** 2;
    const deviation = Math.sqrt(square / (noisy.length / 3));
    assert.ok(deviation > 4.5 && deviation < 5.6, String(deviation));
  });

  test('a larger picture shows the same part', () => {
    const small = draw(12, 'dent', 0.8);
    const large = draw(12, 'dent', 0.8, quiet, 320);
    let difference = 0;
    for (let row = 0; row < 160; row += 1) {
      for (let column = 0; column < 160; column += 1) {
        const at = (2 * row * 320 + 2 * column) * 3;
        const mean = [0, 3, 960, 963].reduce((sum, step) => sum + (large[at + step] ?? 0), 0) / 4;
        difference += Math.abs(mean - (small[(row * 160 + column) * 3] ?? 0));
      }
    }
    assert.ok(difference / 25600 < 3, String(difference / 25600));
  });
});

describe('what cannot be drawn is refused in one sentence', () => {
  const good = { seed: 1, ringClass: 'normal', severity: 0.5, domain: ringDomains.standard, sizePx: 32 } as const;
  const cases: readonly (readonly [string, object])[] = [
    ...[-1, 0.5, Number.NaN, Infinity, 2 ** 53, '1', null, undefined].map((seed) => ['seed', { seed }] as const),
    ...['', 'dented', 'x'.repeat(100_000), 3, null, 'toString'].map((ringClass) => ['class', { ringClass }] as const),
    ...[-0.01, 1.01, Number.NaN, '0.5', undefined].map((severity) => ['severity', { severity }] as const),
    ...[0, 15, 1025, 160.5, Number.NaN, 1e9, '160'].map((sizePx) => ['size', { sizePx }] as const),
    ...[null, undefined, 'standard', {}].map((domain) => ['domain', { domain }] as const),
    ...[[2, 1], [0], [0, Number.NaN], [-Infinity, Infinity], '0,1', [0, 1, 2], [0, 1e9], 5n].map(
      (noise) => ['noise', { domain: { ...ringDomains.standard, noise } }] as const,
    ),
  ];

  for (const [word, wrong] of cases) {
    const shown = Object.values(wrong).map((value) => (typeof value === 'bigint' ? 'a bigint' : String(value)));
    test(`${word} ${shown.join().slice(0, 40)}`, () => {
      const hostile = { ...good, ...wrong } as Parameters<typeof renderRing>[0];
      assert.throws(
        () => renderRing(hostile),
        (error) => {
          assert.ok(error instanceof LinegateError);
          assert.equal(error.code, 'bad-argument');
          assert.match(error.message, /^The [^\n]{1,300}\.$/);
          assert.ok(error.message.includes(word), error.message);
          return true;
        },
      );
    });
  }
});

describe('sampleRing', () => {
  test('keeps to the rate of defects and draws every class', () => {
    const random = randomOf(1, 0);
    const counts = new Map<RingClass, number>();
    for (let n = 0; n < 7000; n += 1) {
      const { ringClass } = sampleRing(random, 0.3);
      counts.set(ringClass, (counts.get(ringClass) ?? 0) + 1);
    }
    assert.ok(Math.abs((counts.get('normal') ?? 0) - 4900) < 200, JSON.stringify([...counts]));
    for (const name of defectClasses) {
      assert.ok(Math.abs((counts.get(name) ?? 0) - 300) < 80, JSON.stringify([...counts]));
    }
  });

  test('no defects at rate 0, nothing else at rate 1, severity within 0 to 1', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        assert.deepEqual(sampleRing(randomOf(seed, 0), 0), { ringClass: 'normal', severity: 0 });
        const { ringClass, severity } = sampleRing(randomOf(seed, 0), 1);
        assert.notEqual(ringClass, 'normal');
        assert.ok(severity >= 0 && severity < 1);
      }),
    );
  });

  test('refuses a rate that is none', () => {
    for (const rate of [-0.1, 1.1, Number.NaN]) {
      assert.throws(() => sampleRing(randomOf(1, 0), rate), /^LinegateError: The defect rate must be [^\n]+\.$/);
    }
  });
});
