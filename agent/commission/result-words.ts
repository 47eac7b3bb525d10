import { boardWords } from './board-words.ts';
import type { Results } from './measure.ts';
import type { Base } from './passes.ts';
import { ms, spreadWords } from './words.ts';

/** What the steps found, a line for each thing. */
export function resultWords(results: Results, base: Base, nowNs: number): string[] {
  const { inputs, gate } = results;
  return [
    ...(inputs === undefined ? [] : boardWords(inputs.board, nowNs)),
    ...encoderWords(results),
    ...(gate === undefined ? [] : [`The gate moved ${gate.presses} times, at the longest for ${ms(gate.longestNs)}.`]),
    ...delayWords(results, base),
    ...responseWords(results),
    ...latenessWords(results),
    ...rateWords(results),
  ];
}

function encoderWords({ encoder }: Results): string[] {
  if (encoder === undefined) return [];
  const { counts, countsPerMm, highestPerSecond, losses, reversed } = encoder;
  return [
    `Encoder: ${counts} counts${countsPerMm === null ? '' : `, ${countsPerMm.toFixed(3)} for a mm`}; at most ${highestPerSecond.toFixed(0)} a second.`,
    ...(reversed ? ['It counts back where the belt runs forward: the calibration turns it round.'] : []),
    losses === 0
      ? 'No pulse was lost.'
      : `Pulses were lost or illegal ${losses} times: look at cable, shield and supply.`,
  ];
}

function delayWords({ delay }: Results, base: Base): string[] {
  if (delay === undefined) return [];
  const { by, arrival, beam, mmPerSecond, countsPerSecond, missedAtEye, missedAtSensor } = delay;
  const speeds = [
    ...(mmPerSecond === null ? [] : [`${mmPerSecond.toFixed(0)} mm/s`]),
    ...(countsPerSecond === null ? [] : [`${countsPerSecond.toFixed(0)} counts/s`]),
  ];
  return [
    `Way to the gate, by ${by === 'hand' ? 'hand' : `the ${by}`}: ${spreadWords(arrival, base)}.`,
    ...(beam === null ? [] : [`A part darkens the photo-eye for ${spreadWords(beam, base)}.`]),
    ...(speeds.length === 0 ? [] : [`The belt ran at ${speeds.join(', ')}.`]),
    ...(missedAtSensor === 0 ? [] : [`The sensor did not see ${missedAtSensor} parts that the photo-eye saw.`]),
    ...(missedAtEye === 0 ? [] : [`The photo-eye did not see ${missedAtEye} parts that the sensor saw.`]),
  ];
}

function responseWords({ response }: Results): string[] {
  if (response === undefined) return [];
  const { toConfirmNs, moveNs, missed } = response;
  return [
    ...(toConfirmNs === null ? [] : [`From gate to sensor in the chute: ${spreadWords(toConfirmNs, 'time')}.`]),
    moveNs === null
      ? 'Assumed: the gate moves at once, for nothing measured its own movement; its data sheet may say it.'
      : `Taken from the data sheet: the gate moves in ${ms(moveNs)}, and back as fast.`,
    ...(missed === 0 ? [] : [`The sensor in the chute missed ${missed} of the pulses.`]),
  ];
}

function latenessWords({ lateness }: Results): string[] {
  if (lateness === undefined) return [];
  const { by, count, p50Ns, p99Ns, maxNs, realtime } = lateness;
  if (by === 'hand') return [`Lateness, given by hand: at most ${ms(maxNs)}.`];
  return [
    `Lateness under load, ${count} timers: p50 ${ms(p50Ns ?? 0)}, p99 ${ms(p99Ns ?? 0)}, max ${ms(maxNs)}.`,
    ...(realtime
      ? []
      : [
          'Without real-time priority, which was not granted here: run as root to measure what the gatekeeper’s unit has.',
        ]),
  ];
}

function rateWords({ rate }: Results): string[] {
  if (rate === undefined) return [];
  const { seenPerSecond, testedPerSecond } = rate;
  const tested = `The gatekeeper was tested for ${testedPerSecond} counts a second, on other devices than this.`;
  if (seenPerSecond === null) return [tested, 'The encoder was not measured, so nothing was compared.'];
  const share = seenPerSecond / testedPerSecond;
  return [
    tested,
    share <= 0.7
      ? `The belt reached ${seenPerSecond.toFixed(0)}.`
      : `The belt reached ${seenPerSecond.toFixed(0)}, which leaves little: use an encoder with fewer counts.`,
  ];
}
