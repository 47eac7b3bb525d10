/** Pictures whose scores lie between two bounds. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly pictures: number;
  /** The mean score of them; null without pictures. */
  readonly meanScore: number | null;
  /** The share of them that is what the score is of; null without pictures. */
  readonly observed: number | null;
}

export interface Reliability {
  readonly bins: readonly ReliabilityBin[];
  /** Mean distance of score and share, by pictures. */
  readonly expectedCalibrationError: number;
}

const BINS = 10;

/** Whether scores are what they say: of the pictures that score about 0.8, 80 % should be hits. */
export function reliabilityOf(scores: readonly number[], hits: readonly boolean[]): Reliability {
  const cells = Array.from({ length: BINS }, () => ({ pictures: 0, scores: 0, hits: 0 }));
  for (const [at, score] of scores.entries()) {
    const cell = cells[Math.min(BINS - 1, Math.floor(score * BINS))];
    if (cell === undefined) continue;
    cell.pictures += 1;
    cell.scores += score;
    cell.hits += hits[at] ? 1 : 0;
  }
  const distances = cells.map((cell) => Math.abs(cell.scores - cell.hits));
  return {
    bins: cells.map((cell, at) => ({
      from: at / BINS,
      to: (at + 1) / BINS,
      pictures: cell.pictures,
      meanScore: cell.pictures === 0 ? null : cell.scores / cell.pictures,
      observed: cell.pictures === 0 ? null : cell.hits / cell.pictures,
    })),
    expectedCalibrationError: distances.reduce((sum, distance) => sum + distance, 0) / scores.length,
  };
}
