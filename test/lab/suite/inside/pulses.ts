import { setTimeout as sleep } from 'node:timers/promises';
import type { GatekeeperLine } from '../../../../agent/adapters/line/gatekeeper/line.ts';
import { type Random, randomOf } from '../../../../agent/core/render/prng.ts';
import { atLeast, atMost, type Check, equals } from '../../../faults/check.ts';
import { percentile } from '../../camera/percentile.ts';
import { drive } from '../../gatekeeper/pins.ts';
import { nowNs } from './belt.ts';
import { Rig, timing } from './rig.ts';
import { changesOf, type Witnessed, watchLines, witnessed } from './trace.ts';
import type { Inside } from './world.ts';

const triggers = 1000;
const { delayNs, widthNs, leadNs } = timing;

/** What the agent makes of a part; `late` is a pass after the deadline. */
type Plan = 'pass' | 'reject' | 'nothing' | 'late';

function planOf(random: Random): Plan {
  const dice = random();
  if (dice < 0.45) return 'pass';
  if (dice < 0.75) return 'reject';
  return dice < 0.88 ? 'nothing' : 'late';
}

/** Gives each part the verdict that is planned for it. */
async function startAgent(line: GatekeeperLine, plans: Plan[], random: Random): Promise<void> {
  const deadlineMs = (delayNs - leadNs) / 1e6;
  await line.start(1, (event) => {
    if (event.kind === 'closed') line.acknowledge(event.part);
    if (event.kind !== 'trigger') return;
    const { part } = event;
    const plan = plans[part - 1] ?? 'nothing';
    if (plan === 'nothing') return;
    const afterMs = plan === 'late' ? deadlineMs + 15 : random() * (deadlineMs - 30);
    setTimeout(() => {
      // A lab that was held up: near its deadline nobody can tell whether a pass still counts.
      if (plan === 'pass' && nowNs() > event.deadlineNs - 10e6) plans[part - 1] = 'nothing';
      else line.resolve(part, plan === 'reject' ? 'reject' : 'pass');
    }, afterMs);
  });
}

/** A thousand parts at random distances, most with several before them between photo-eye and gate. */
export async function pulses(inside: Inside): Promise<readonly Check[]> {
  const random = randomOf(inside.seed, 11);
  const plans = Array.from({ length: triggers }, () => planOf(random));
  const rig = new Rig(inside);
  await rig.start();
  await startAgent(rig.line(), plans, random);
  watchLines();
  for (let part = 1; part <= triggers; part += 1) {
    drive('trigger', true);
    await sleep(8);
    drive('trigger', false);
    await sleep(37 + random() * 100);
  }
  await sleep((delayNs + widthNs) / 1e6 + 50);
  return judge(witnessed(), plans);
}

function judge(seen: Witnessed, plans: readonly Plan[]): readonly Check[] {
  // Both edges interrupt: those to active are every second one.
  const triggeredNs = seen.edgesNs.filter((_, index) => index % 2 === 0);
  const dueNs = triggeredNs.filter((_, index) => plans[index] !== 'pass').map((ns) => ns + delayNs);
  const onNs = changesOf(seen, 'gate', true);
  const offNs = changesOf(seen, 'gate', false);
  const ofPulse = onNs.map((ns) => nearest(dueNs, ns));
  const errorsUs = onNs.map((ns, index) => Math.abs(ns - (dueNs[ofPulse[index] ?? -1] ?? 0)) / 1e3);
  const wrong = errorsUs.filter((us) => us > widthNs / 1e3).length;
  const widthErrorsUs = onNs.map((ns, index) => Math.abs((offNs[index] ?? 0) - ns - widthNs) / 1e3);
  return [
    equals('events that the kernel had no room for', seen.forgotten, 0),
    equals('triggers', triggeredNs.length, triggers),
    equals('pulses', onNs.length, dueNs.length),
    equals('parts to eject without a pulse', dueNs.length - new Set(ofPulse).size, 0),
    equals('pulses that are no part’s', wrong, 0),
    atMost('largest error, us', Math.max(...errorsUs), 100),
    atMost('median error, us', percentile(errorsUs, 0.5), 10),
    atMost('median error of the width, us', percentile(widthErrorsUs, 0.5), 10),
    atLeast('parts that were let pass', plans.filter((plan) => plan === 'pass').length, triggers / 3),
  ];
}

/** The index of the value that is nearest. */
function nearest(values: readonly number[], to: number): number {
  const apart = values.map((value) => Math.abs(value - to));
  return apart.indexOf(Math.min(...apart));
}
