import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Calibration } from '../../../../agent/config/calibration.ts';
import { atLeast, type Check } from '../../../faults/check.ts';
import { holds } from './holds.ts';
import { Rig, timed } from './rig.ts';
import { watchLines, witnessed } from './trace.ts';
import type { Inside } from './world.ts';

export const counted: Calibration = {
  ...timed,
  base: 'encoder',
  encoder: 'quadrature',
  delay: 2000,
  width: 100,
  recovery: 50,
  lead: 100,
  triggerDead: 50,
};
const chip = 'lab-header';
export const encoderInputs = { encoderA: { chip, line: 'ENCODER' }, encoderB: { chip, line: 'ENCODER_B' } };

/** What the gatekeeper has told of the belt so far. */
interface Told {
  counts: number;
  losses: number;
}

interface Stretch {
  readonly made: number;
  /** Edges of which the kernel told the gatekeeper; the simulated chip does so at its next tick, and merges those between. */
  readonly delivered: number;
  readonly counted: number;
  readonly losses: number;
  readonly perSecond: number;
}

const ofPart = /\{.*\}/;

async function stretch(told: Told, rate: number, seconds: number): Promise<Stretch> {
  const before = { ...told };
  const seen = witnessed().edgesNs.length;
  const driver = path.join(import.meta.dirname, 'encoder-drive.ts');
  const child = spawn(process.execPath, ['--no-warnings', driver, String(rate), String(seconds)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  await once(child, 'close');
  const { edges, ms } = JSON.parse(ofPart.exec(text)?.[0] ?? '{"edges":0,"ms":1}') as { edges: number; ms: number };
  // The belt is told of at most five times a second.
  await sleep(1000);
  const losses = told.losses - before.losses;
  const delivered = witnessed().edgesNs.length - seen;
  const counted = told.counts - before.counts;
  return { made: edges, delivered, counted, losses, perSecond: Math.round((edges * 1000) / ms) };
}

/** Nothing lost, or said so. */
const isHonest = ({ made, counted, losses }: Stretch): boolean => made === counted || losses > 0;

function sentenceOf({ made, delivered, counted, losses, perSecond }: Stretch): string {
  return `${made} edges at ${perSecond} a second, ${delivered} delivered by the kernel, position ${counted}, ${losses} losses declared`;
}

export async function edges(inside: Inside): Promise<readonly Check[]> {
  const rig = new Rig(inside, { calibration: counted, inputs: encoderInputs });
  await rig.start();
  watchLines(32);
  const told: Told = { counts: 0, losses: 0 };
  const line = rig.line();
  await line.start(1, (event) => {
    if (event.kind !== 'encoder') return;
    told.counts = event.counts;
    told.losses = event.losses;
  });
  const steady = await stretch(told, 5000, inside.short ? 20 : 60);
  inside.say(sentenceOf(steady));
  const ramp: Stretch[] = [];
  for (const rate of inside.short ? [100, 400] : [100, 200, 400, 1000, 2000, 0]) {
    ramp.push(await stretch(told, rate, 2));
    inside.say(`asked for ${rate === 0 ? 'all' : rate}: ${sentenceOf(ramp.at(-1) ?? steady)}`);
  }
  const whole = [steady, ...ramp].filter(({ made, counted, losses }) => made === counted && losses === 0);
  const highest = Math.max(0, ...whole.map(({ perSecond }) => perSecond));
  const limit = 'told';
  return [
    atLeast('edges at 5 kHz', steady.made, inside.short ? 20_000 : 60_000),
    {
      id: 'at 5 kHz',
      value: sentenceOf(steady),
      limit: 'all counted, or the doubt declared',
      ok: isHonest(steady),
      ran: true,
    },
    holds('the same at every other rate', ramp.every(isHonest)),
    { id: 'highest rate that the simulated chip delivers, edges a second', value: highest, limit, ok: true, ran: true },
  ];
}
