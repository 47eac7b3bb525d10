import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '../../../../agent/core/reconcile/finding.ts';
import { Reconciler } from '../../../../agent/core/reconcile/reconcile.ts';
import type { LineEvent } from '../../../../agent/ports/line.ts';
import { atLeast, type Check, equals } from '../../../faults/check.ts';
import { drive } from '../../gatekeeper/pins.ts';
import { counted, encoderInputs } from './edges.ts';
import { holds } from './holds.ts';
import { Rig } from './rig.ts';
import type { Inside } from './world.ts';

/** What the kernel keeps of edges that nobody reads. */
const kept = 1024;
/** Whole cycles: A and B are then as if nothing had been lost, so that only the gap in the kernel's numbers shows it. */
const lost = 44 * 4;

/** A before B is forward. */
const cycle = [
  ['encoderA', true],
  ['encoderB', true],
  ['encoderA', false],
  ['encoderB', false],
] as const;

/** A short way to the gate: parts from before the start are soon past it. */
const calibration = { ...counted, delay: 150, width: 20, recovery: 10, lead: 20, triggerDead: 10 };
const inputs = { ...encoderInputs, partAtGate: { chip: 'lab-header', line: 'BIN_FULL' } };

/** A part at the gate that no trigger saw. */
async function unseenPart(): Promise<void> {
  drive('atGate', true);
  await sleep(2);
  drive('atGate', false);
  await sleep(2);
}

async function turn(edges: number): Promise<void> {
  for (let edge = 0; edge < edges; edge += 1) {
    const [line, high] = cycle[edge % cycle.length] ?? cycle[0];
    drive(line, high);
    // The simulated chip interrupts at the kernel's next tick.
    await sleep(2);
  }
}

/** The gatekeeper does not run while the belt moves, until the kernel has to drop edges. */
export async function overflow(inside: Inside): Promise<readonly Check[]> {
  const rig = new Rig(inside, { calibration, inputs });
  const reconciler = new Reconciler({ base: 'encoder', from: 140, to: 180, dead: 10 }, 0);
  const findings: Finding[] = [];
  const keeper = await rig.start();
  const events: LineEvent[] = [];
  const line = rig.line();
  await line.start(1, (event) => {
    events.push(event);
    findings.push(...reconciler.take(event));
  });
  const encoder = (): { counts: number; losses: number } | undefined =>
    events.findLast((event) => event.kind === 'encoder');
  const doubted = (): boolean => events.some((event) => event.kind === 'ready' && event.why.includes('encoder'));
  await turn(300);
  await unseenPart();
  await turn(100);
  await sleep(1000);
  const before = { counts: encoder()?.counts, losses: encoder()?.losses, doubted: doubted(), found: findings.length };
  keeper.child.kill('SIGSTOP');
  await turn(kept + lost);
  await unseenPart();
  keeper.child.kill('SIGCONT');
  await sleep(1000);
  inside.say(`counted ${encoder()?.counts} of ${400 + kept + lost}, ${encoder()?.losses} losses`);
  return [
    equals('counts while it ran', before.counts ?? 'none', 400),
    equals('losses while it ran', before.losses ?? 'none', 0),
    holds('no doubt while it ran', !before.doubted),
    equals('counts with what the kernel dropped', encoder()?.counts ?? 'none', 400 + kept),
    atLeast('losses declared', encoder()?.losses ?? 0, 1),
    holds('the doubt is told', doubted()),
    equals('unseen parts found at the gate while it ran', before.found, 1),
    equals('notices at the gate when counts were lost', findings.length - before.found, 0),
    holds(
      'the fault is told',
      events.some((event) => event.kind === 'fault' && event.message.includes('Edges of an input were lost')),
    ),
  ];
}
