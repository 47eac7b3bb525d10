import { readFileSync } from 'node:fs';
import { canonicalJson } from '../../../agent/core/ledger/row.ts';
import {
  advance,
  type LiveJudgement,
  openPart,
  outcomeOf,
  type PartInput,
  type PartRecord,
  type Trigger,
} from '../../../agent/core/part-record.ts';
import { partRow } from '../../../agent/pipeline/rows.ts';
import { bits, line, Noise } from './text.ts';

interface GoldenParts extends Trigger {
  readonly cases: readonly { readonly inputs: readonly PartInput[] }[];
}

/**
 * Stories of parts: how each was opened, its inputs (`+` taken, `-` refused by the agent) and, once closed, outcome and payload
 * of its row. Those of test/golden/part-record.json, then random ones.
 */
export function partLines(): string[] {
  const golden: GoldenParts = JSON.parse(
    readFileSync(new URL('../../golden/part-record.json', import.meta.url), 'utf8'),
  );
  const noise = new Noise(5);
  const random = Array.from({ length: 150 }, (_, i) => randomStory(noise, i + 1));
  return [...golden.cases.map(({ inputs }) => ({ trigger: golden, inputs })), ...random]
    .filter(({ inputs }) => inputs.every(isKnownHere))
    .flatMap(({ trigger, inputs }) => storyLines(trigger, inputs));
}

/** A board knows one clock, and nobody else's death. */
function isKnownHere(input: PartInput): boolean {
  if (input.kind === 'framed') return input.frame.clock === 'monotonic';
  return input.kind !== 'judged' || input.judgement.kind === 'verdict' || input.judgement.reason !== 'agent-down';
}

function storyLines({ part, triggerNs, triggerWallMs, deadlineNs }: Trigger, inputs: readonly PartInput[]): string[] {
  const lines = [line('open', part, triggerNs, bits(triggerWallMs), deadlineNs ?? 0)];
  let record: PartRecord = openPart({ part, triggerNs, triggerWallMs, deadlineNs });
  for (const input of inputs) {
    const next = after(record, input);
    lines.push(line(next === null ? '-' : '+', ...inputFields(input)));
    record = next ?? record;
  }
  if (record.state === 'closed') {
    lines.push(line('row', outcomeOf(record), canonicalJson(partRow(record, 'r@1', null).payload)));
  }
  return lines;
}

function after(record: PartRecord, input: PartInput): PartRecord | null {
  try {
    return advance(record, input);
  } catch {
    return null;
  }
}

function inputFields(input: PartInput): (string | number)[] {
  switch (input.kind) {
    case 'framed':
      return ['framed', input.frame.sensorNs, input.frame.sequence];
    case 'judged':
      return judgementFields(input.judgement);
    case 'pulsed':
      return ['pulsed', input.pulse.onNs, input.pulse.offNs ?? 'none'];
    case 'resolved':
      return ['resolved', input.action, input.cause, input.atNs];
    case 'closed':
      return ['closed', input.action, input.tooClose ? 1 : 0, input.confirmation, input.atNs];
  }
}

function judgementFields(judgement: LiveJudgement): (string | number)[] {
  if (judgement.kind === 'no-verdict') return ['unjudged', judgement.reason, judgement.detail, judgement.atNs];
  const { verdict, label, score, scores, atNs } = judgement;
  return ['judged', verdict, label, bits(score), atNs, ...scores.map(bits)];
}

interface Story {
  readonly trigger: Trigger;
  readonly inputs: readonly PartInput[];
}

function randomStory(noise: Noise, part: number): Story {
  const triggerNs = noise.below(2 ** 21) * 2 ** 30 + noise.below(2 ** 30);
  const deadlineNs = triggerNs + 1_000_000 + noise.below(300_000_000);
  const triggerWallMs = 1.7e12 + noise.below(2 ** 31) - noise.below(400_000_000) / 1e6;
  const inputs = Array.from({ length: 2 + noise.below(7) }, () => randomInput(noise, triggerNs));
  const atNs = deadlineNs + noise.below(500_000_000);
  inputs.push({ kind: 'closed', action: 'unknown', tooClose: noise.below(2) === 0, confirmation: 'none', atNs });
  return { trigger: { part, triggerNs, triggerWallMs, deadlineNs }, inputs };
}

const inputMakers: readonly [InputMaker, ...InputMaker[]] = [
  (noise, atNs) => ({ kind: 'framed', frame: { sensorNs: atNs, clock: 'monotonic', sequence: noise.below(2 ** 31) } }),
  (noise, atNs) => ({ kind: 'judged', judgement: randomJudgement(noise, atNs) }),
  (noise, atNs) => ({
    kind: 'pulsed',
    pulse: { onNs: atNs, offNs: noise.below(3) === 0 ? null : atNs + noise.below(90_000_000) },
  }),
  (noise, atNs) => ({
    kind: 'resolved',
    action: noise.pick(['eject', 'pass']),
    cause: noise.pick(['verdict', 'fail-safe', 'too-close']),
    atNs,
  }),
  (noise, atNs) => ({
    kind: 'closed',
    action: noise.pick(['eject', 'pass', 'missed', 'aborted', 'unknown']),
    tooClose: noise.below(2) === 0,
    confirmation: noise.pick(['none', 'confirmed', 'unconfirmed']),
    atNs,
  }),
];

type InputMaker = (noise: Noise, atNs: number) => PartInput;

function randomInput(noise: Noise, triggerNs: number): PartInput {
  return noise.pick(inputMakers)(noise, triggerNs + noise.below(400_000_000) - 20_000_000);
}

function randomJudgement(noise: Noise, atNs: number): LiveJudgement {
  if (noise.below(3) === 0) {
    const reason = noise.pick(['no-frame', 'bad-frame', 'late', 'overflow', 'classifier-down', 'bad-answer']);
    return { kind: 'no-verdict', reason, detail: noise.pick(['why', 'the "camera" said \\', 'zu spät']), atNs };
  }
  const scores = Array.from({ length: 1 + noise.below(8) }, () => noise.below(257) / 256);
  const verdict = noise.pick(['pass', 'reject', 'review']);
  return { kind: 'verdict', verdict, label: noise.pick(['normal', 'scratch']), score: scores[0] ?? 0, scores, atNs };
}
