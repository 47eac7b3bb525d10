/** The lowest and highest share that the pictures do not speak against. */
export type Interval = readonly [low: number, high: number];

/**
 * Clopper and Pearson's exact interval for the share behind `hits` of `total` independent trials (Biometrika 1934). Holds
 * at least `level` of the time. `hits` may be fractional. [0, 1] without trials.
 */
export function exactInterval(hits: number, total: number, level = 0.95): Interval {
  if (total <= 0) return [0, 1];
  const tail = (1 - level) / 2;
  return [lowerBound(hits, total, tail), upperBound(hits, total, tail)];
}

/** The highest share that still gives `hits` or fewer of `total` with a chance of `tail`; 1 - tail^(1/n) for no hits. */
export function upperBound(hits: number, total: number, tail = 0.05): number {
  return 1 - lowerBound(total - hits, total, tail);
}

/** How many trials without a hit it takes to support a share of at most `share` with 95 % confidence: about 3 / share. */
export function trialsFor(share: number): number {
  return share <= 0 ? Number.POSITIVE_INFINITY : Math.ceil(Math.log(0.05) / Math.log1p(-share));
}

function lowerBound(hits: number, total: number, tail: number): number {
  if (hits <= 0) return 0;
  let [low, high] = [0, 1];
  // The chance of `hits` or more grows with the share; 50 halvings find where it is `tail`.
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (betaDistribution(middle, hits, total - hits + 1) < tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Regularised incomplete beta function I_x(a, b) by its continued fraction (Lentz), DLMF 8.17.22. */
function betaDistribution(x: number, a: number, b: number): number {
  if (x > (a + 1) / (a + b + 2)) return 1 - betaDistribution(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  let [c, d] = [1, 1 / notZero(1 - ((a + b) * x) / (a + 1))];
  let fraction = d;
  for (let m = 1; m < 500; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / notZero(1 + term * d);
      c = notZero(1 + term / c);
      change = c * d;
      fraction *= change;
    }
    if (Math.abs(change - 1) < 1e-12) break;
  }
  return front * fraction;
}

function notZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}

/** Logarithm of the gamma function for arguments above 0: Stirling's series, DLMF 5.11.1, after raising the argument. */
function logGamma(argument: number): number {
  let [x, shift] = [argument, 0];
  for (; x < 10; x += 1) shift += Math.log(x);
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series - shift;
}
