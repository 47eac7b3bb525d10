import { boardWords } from './board-words.ts';
import { type Phase, stepAt, stepFor, type Walk } from './machine.ts';
import { passCount, type Results, travelsSoFar } from './measure.ts';
import type { Proposal } from './proposal.ts';
import { resultWords } from './result-words.ts';
import { type Context, gateSensor, type StepId } from './steps.ts';
import { amount, ms } from './words.ts';

/** Printed before a step that moves the gate. */
const gateWarning =
  'THE GATE WILL MOVE. Keep hands and tools away from it; nobody may reach into it. This is no safety function.';

/** What stays on the screen above: told once, when the step or its phase is new. */
export function headOf(walk: Walk, context: Context): string[] {
  const id = stepAt(walk);
  if (id === undefined) return [];
  const step = stepFor(id, context);
  if (walk.phase.kind === 'offered') {
    return ['', `Step ${walk.at + 1} of ${walk.steps.length}: ${step.title}`, step.about];
  }
  if (walk.phase.kind === 'confirming') return [gateWarning];
  return [];
}

/** The lines that change while the technician looks at them. */
export function liveOf(walk: Walk, context: Context, nowNs: number): string[] {
  const { phase } = walk;
  const id = stepAt(walk);
  switch (phase.kind) {
    case 'offered':
      return [...faultOf(phase), offeredKeys(id, context)];
    case 'confirming':
      return [`Type yes and Enter when the gate is free, anything else to go back: ${phase.typed}`];
    case 'measuring':
      return id === undefined ? [] : [...measuringLines(id, walk, context, nowNs), measuringKeys(id, context)];
    case 'asking': {
      const { entry } = phase;
      const field = entry.fields[entry.at];
      const optional = field?.optional === true ? ' (Enter: not known)' : '';
      return [...faultOf(entry), `${field?.ask ?? ''}${optional}: ${entry.typed}`];
    }
    case 'found':
      return [
        ...resultWords(phase.results, context.base, nowNs),
        'Enter: keep this   r: again   s: skip   Ctrl-C: end without writing',
      ];
    case 'summary':
      return [...faultOf(phase), 'w: write the calibration   1 to 7: a step again   q: end without writing'];
    case 'ended':
      return [];
  }
}

function faultOf({ fault }: { readonly fault?: string }): string[] {
  return fault === undefined ? [] : [fault];
}

function offeredKeys(id: StepId | undefined, context: Context): string {
  const byHand = id !== undefined && stepFor(id, context).byHand.length > 0;
  return `Enter: begin   s: skip${byHand ? '   h: give the figures by hand' : ''}   Ctrl-C: end without writing`;
}

function measuringKeys(id: StepId, context: Context): string {
  if (id === 'lateness') return 'Wait; s: skip   Ctrl-C: end without writing';
  const hold = stepFor(id, context).holdNs === undefined ? '' : 'space: gate   any other key: let it go   ';
  return `${hold}Enter: done   s: skip   Ctrl-C: end without writing`;
}

function measuringLines(id: StepId, walk: Walk, context: Context, nowNs: number): string[] {
  const { log } = walk;
  switch (id) {
    case 'inputs':
      return [...boardWords(log.board, nowNs), ...(context.base === 'encoder' ? [encoderLine(walk)] : [])];
    case 'encoder':
      return [encoderLine(walk)];
    case 'gate':
      return [gateLine(walk)];
    case 'delay': {
      const so = travelsSoFar(log, context);
      const what = gateSensor(context) === undefined ? 'dark for' : 'way';
      const words =
        so === undefined
          ? ''
          : `; the last ${what} ${amount(so.last, context.base)}, median ${amount(so.median, context.base)}`;
      return [
        `Passes ${passCount(log, context)}${words}`,
        ...(gateSensor(context) === 'confirm' ? [gateLine(walk)] : []),
      ];
    }
    case 'response':
      return [
        gateLine(walk),
        ...boardWords(
          log.board.filter(({ input }) => input === 'confirm'),
          nowNs,
        ),
      ];
    case 'lateness':
      return ['Measuring.'];
    case 'rate':
      return [];
  }
}

function encoderLine({ log }: Walk): string {
  const { from, last, nsPerCount, highestPerSecond } = log.encoder;
  if (from === null || last === null) return '  encoder       has not moved';
  const counts = last.counts - from.counts;
  const direction = counts < 0 ? 'back' : 'forward';
  const rate = nsPerCount === null ? 'stands' : `${(1e9 / nsPerCount).toFixed(0)} a second`;
  return `  encoder       ${counts} counts, ${direction}, ${rate}, at most ${highestPerSecond.toFixed(0)}, lost ${last.losses - from.losses}`;
}

function gateLine({ log }: Walk): string {
  const active = log.gates.length > log.heldNs.length;
  const last = log.heldNs.at(-1);
  const denied = log.denied === 0 ? '' : `; refused ${log.denied} times: a part is open, or the lines are gone`;
  return `Gate ${active ? 'ACTIVE' : 'inactive'}; moved ${log.gates.length} times${last === undefined ? '' : `, the last for ${ms(last)}`}${denied}`;
}

/** Everything that was found and what it comes to. */
export function summaryOf(results: Results, proposal: Proposal, context: Context, nowNs: number): string[] {
  const { calibration, reasons, lateUs } = proposal;
  const { base } = context;
  const rows = reasons.map(
    ({ name, from, why }) => `  ${name.padEnd(13)} ${figureOf(proposal, name, context).padEnd(26)} ${from}: ${why}`,
  );
  const { inputs: _seen, ...measured } = results;
  return [
    '',
    'Summary',
    ...resultWords(measured, base, nowNs),
    'The calibration would be:',
    ...rows,
    `  failSafe ${calibration.failSafe}, tooClose ${calibration.tooClose}: rules, not figures; they stay as they are`,
    ...(lateUs === null ? [] : [`In station.yaml line.lateUs, now ${context.lateUs}, should be ${lateUs}.`]),
  ];
}

function figureOf({ calibration }: Proposal, name: keyof Proposal['calibration'], { base }: Context): string {
  const value = calibration[name];
  if (value === undefined) return 'none';
  if (typeof value === 'number') return amount(value, base);
  if (typeof value === 'string') return value;
  return 'delay' in value ? amount(value.delay, base) : `${amount(value.from, base)} to ${amount(value.to, base)}`;
}

/** Whether the head has to be told anew. */
export function isNewHead(before: { readonly at: number; readonly phase: Phase } | undefined, after: Walk): boolean {
  return before === undefined || before.at !== after.at || before.phase.kind !== after.phase.kind;
}
