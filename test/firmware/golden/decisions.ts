import { readFileSync } from 'node:fs';
import { type DecisionRule, decide } from '../../../agent/core/decide.ts';
import { bits, line, Noise } from './text.ts';

interface GoldenDecisions {
  readonly rule: DecisionRule;
  readonly cases: readonly { readonly scores: number[] }[];
}

/** Rules, and scores with what the agent decides: those of test/golden/decide.json and random ones with more labels. */
export function decisionLines(): string[] {
  const golden: GoldenDecisions = JSON.parse(
    readFileSync(new URL('../../golden/decide.json', import.meta.url), 'utf8'),
  );
  const noise = new Noise(4);
  const lines = [...ruleLines(golden.rule), ...golden.cases.map(({ scores }) => caseLine(golden.rule, scores))];
  for (let i = 0; i < 12; i++) {
    const rule = randomRule(noise);
    lines.push(...ruleLines(rule));
    for (let k = 0; k < 25; k++) lines.push(caseLine(rule, randomScores(noise, rule.labels.length)));
  }
  lines.push(caseLine(golden.rule, [Number.NaN, 0, 0, 0]), caseLine(golden.rule, [0, 0, 0]));
  return lines;
}

function ruleLines({ labels, decision }: DecisionRule): string[] {
  const rows = labels.map(({ name, kind }) => {
    const { review = 1, reject = 1 } = decision.thresholds[name] ?? {};
    return line('label', name, kind, bits(review), bits(reject));
  });
  return [line('rule', bits(decision.minimumOk)), ...rows];
}

function caseLine(rule: DecisionRule, scores: readonly number[]): string {
  const decision = decide(rule, scores);
  const expected = decision === undefined ? ['none', '', ''] : [decision.verdict, decision.label, bits(decision.score)];
  return line('case', ...expected, ...scores.map(bits));
}

function randomRule(noise: Noise): DecisionRule {
  const count = 2 + noise.below(9);
  const labels = Array.from({ length: count }, (_, i) => ({
    name: `label-${i}`,
    kind: i === 0 || noise.below(4) === 0 ? ('ok' as const) : ('defect' as const),
  }));
  const thresholds = Object.fromEntries(
    labels
      .filter(({ kind }) => kind === 'defect')
      .map(({ name }) => {
        const review = noise.below(128) / 256;
        return [name, { review, reject: review + noise.below(100) / 256 }];
      }),
  );
  return { labels, decision: { minimumOk: noise.below(200) / 256, thresholds } };
}

/** As an int8 model stores them, so that ties and sums exactly at a threshold come up. */
function randomScores(noise: Noise, count: number): number[] {
  return Array.from({ length: count }, () => noise.below(noise.pick([16, 128, 256])) / 256);
}
