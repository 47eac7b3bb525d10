import type { TrackerEvent } from '../../../agent/core/track/events.ts';
import { Tracker, type TrackerCalibration } from '../../../agent/core/track/tracker.ts';
import { line, Noise } from './text.ts';

/** Lines that the tracker watches, call by call, each followed by the events that the agent's WebAssembly gives for it. */
export function trackLines(): string[] {
  const noise = new Noise(7);
  return Array.from({ length: 12 }, () => storyLines(noise)).flat();
}

/** In hundredths of ms, so that windows touch and parts come too close. */
const unitNs = 10_000;

function storyLines(noise: Noise): string[] {
  const calibration = randomCalibration(noise);
  const tracker = Tracker.create(calibration);
  const lines = [line('init', ...Object.values(calibration))];
  let nowNs = 0;
  let parts = 0;
  for (let i = 0; i < 60; i++) {
    nowNs += unitNs * noise.below(noise.pick([3, 400, 2000]));
    const call = noise.below(10);
    if (call < 4) {
      lines.push(line('trigger', nowNs));
      tracker.trigger(nowNs);
    } else if (call < 7) {
      const part = Math.max(1, calibration.firstPart + parts - noise.below(3));
      const verdict = noise.pick(['pass', 'pass', 'reject', 'review']);
      lines.push(line('verdict', part, verdict, nowNs));
      tracker.verdict(part, verdict, nowNs);
    } else if (call < 8) {
      lines.push(line('confirm', nowNs));
      tracker.confirm(nowNs);
    } else {
      lines.push(line('tick', nowNs));
      tracker.tick(nowNs);
    }
    const events = tracker.drain();
    parts += events.filter(({ kind }) => kind === 'trigger').length;
    lines.push(...events.map(eventLine), line('next', tracker.nextNs() ?? 'never'));
  }
  lines.push(line('stop', nowNs));
  tracker.stop(nowNs);
  return [...lines, ...tracker.drain().map(eventLine), line('next', tracker.nextNs() ?? 'never')];
}

function randomCalibration(noise: Noise): TrackerCalibration {
  const ns = (least: number, below: number) => unitNs * (least + noise.below(below));
  const [widthNs, recoveryNs, leadNs] = [ns(100, 400), ns(50, 300), ns(20, 100)];
  const confirmFromNs = ns(0, 100);
  return {
    base: 'time',
    delayNs: widthNs + recoveryNs + leadNs + ns(0, 900),
    widthNs,
    recoveryNs,
    leadNs,
    triggerDeadNs: ns(150, 50),
    failSafe: noise.pick(['eject', 'pass', 'stop-line']),
    tooClose: noise.pick(['eject-neighbour', 'escape', 'stop-line']),
    confirm: noise.pick(['none', 'ejected']),
    confirmFromNs,
    confirmToNs: confirmFromNs + ns(1, 300),
    firstPart: 1 + noise.below(1000),
  };
}

/** An event with its fields in the order of their names. */
function eventLine(event: TrackerEvent): string {
  const { kind, ...fields } = event;
  const named = Object.entries(fields)
    .filter(([name]) => name !== 'lateNs')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  return line('event', kind, ...named);
}
