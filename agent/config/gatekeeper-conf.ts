import { LinegateError } from '../core/errors.ts';
import { type Calibration, checkFigures } from './calibration.ts';
import type { GatekeeperLineConfig } from './gatekeeper.ts';

type Inputs = GatekeeperLineConfig['inputs'];
type Outputs = GatekeeperLineConfig['outputs'];
type Word = string | number;

/** What gatekeeper.conf is written from. */
export interface GatekeeperSource {
  readonly station: string;
  readonly line: GatekeeperLineConfig;
  readonly calibration: Calibration;
}

/**
 * gatekeeper.conf of a station: one setting a line, `key value`, always in the same order, so that the same station has the
 * same text. Throws a LinegateError 'bad-config' that names all that station.yaml and the calibration disagree about, or what
 * the tracker finds wrong with the figures.
 */
export function gatekeeperConf({ station, line, calibration }: GatekeeperSource): string {
  const faults = disagreements(line, calibration);
  if (faults.length > 0) {
    throw new LinegateError('bad-config', `station.yaml and the calibration do not fit: ${faults.join('; ')}.`);
  }
  checkFigures(calibration);
  const settings: Word[][] = [
    ['station', station],
    ['socket', line.socket],
    ['ring', line.ring],
    ...inputLines(line.inputs),
    ...outputLines(line.outputs),
    ...calibrationLines(calibration),
    ['heartbeat-ms', line.heartbeatMs],
    ['late-us', line.lateUs],
    ['wake-early-us', line.wakeEarlyUs],
    ['gate-max-ms', line.gateMaxMs],
    ...timingLines(line),
    ...(line.agentUid === undefined ? [] : [['agent-uid', line.agentUid]]),
  ];
  return `${settings.map((words) => words.join(' ')).join('\n')}\n`;
}

function inputLines(inputs: Inputs): Word[][] {
  const { trigger, confirm, encoderA, encoderB, partAtGate, binFull, estopStatus } = inputs;
  const encoder = { 'encoder-a': encoderA, 'encoder-b': encoderB };
  const watched = { 'part-at-gate': partAtGate, 'bin-full': binFull, 'estop-status': estopStatus };
  return Object.entries({ trigger, confirm, ...encoder, ...watched }).flatMap(([role, input]) => {
    if (input === undefined) return [];
    const debounce = 'debounceUs' in input ? [`debounce-us=${input.debounceUs}`] : [];
    return [['input', role, ...place(input), ...debounce, `bias=${input.bias}`]];
  });
}

function place({ chip, line, activeLevel }: Outputs['gate']): Word[] {
  return [`chip=${chip}`, `line=${line}`, `active=${activeLevel}`];
}

function outputLines(outputs: Outputs): Word[][] {
  const { gate, reviewGate, ready, strobe, cameraTrigger, plcBusy, plcOk, plcNg } = outputs;
  const roles = { gate, gate2: reviewGate, ready, strobe, 'camera-trigger': cameraTrigger };
  const all = { ...roles, 'plc-busy': plcBusy, 'plc-ok': plcOk, 'plc-ng': plcNg };
  return Object.entries(all).flatMap(([role, output]) => {
    return output === undefined ? [] : [['output', role, ...place(output)]];
  });
}

function calibrationLines(c: Calibration): Word[][] {
  const { confirmation, reviewGate } = c;
  return [
    ['base', c.base],
    ...(c.encoder === undefined ? [] : [['encoder', c.encoder]]),
    ['delay', c.delay],
    ['width', c.width],
    ['recovery', c.recovery],
    ['lead', c.lead],
    ['trigger-dead', c.triggerDead],
    ['fail-safe', c.failSafe],
    ['too-close', c.tooClose],
    ['confirm', confirmation === undefined ? 'none' : 'ejected'],
    ...(confirmation === undefined
      ? []
      : [
          ['confirm-from', confirmation.from],
          ['confirm-to', confirmation.to],
        ]),
    ...(reviewGate === undefined
      ? []
      : [
          ['gate2-delay', reviewGate.delay],
          ['gate2-width', reviewGate.width ?? c.width],
          ['gate2-recovery', reviewGate.recovery ?? c.recovery],
        ]),
  ];
}

function timingLines({ outputs, plcUs }: GatekeeperLineConfig): Word[][] {
  const { strobe, cameraTrigger, plcOk, plcNg } = outputs;
  return [
    ...pulseLines('strobe', strobe),
    ...pulseLines('camera-trigger', cameraTrigger),
    ...(plcOk === undefined && plcNg === undefined ? [] : [['plc-us', plcUs]]),
  ];
}

function pulseLines(role: string, pulse: Outputs['strobe']): Word[][] {
  if (pulse === undefined) return [];
  return [
    [`${role}-delay-us`, pulse.delayUs],
    [`${role}-width-us`, pulse.widthUs],
  ];
}

/** What only the two files together show to be wrong. */
function disagreements({ inputs, outputs }: GatekeeperLineConfig, calibration: Calibration): string[] {
  const { encoder, confirmation, reviewGate } = calibration;
  const pairs: (readonly [boolean, string])[] = [
    [
      encoder !== undefined && inputs.encoderA === undefined,
      'the calibration counts an encoder and line.inputs has no encoderA',
    ],
    [
      encoder !== undefined && encoder !== 'single' && inputs.encoderB === undefined,
      'the calibration counts a quadrature encoder and line.inputs has no encoderB',
    ],
    [
      encoder === 'single' && inputs.encoderB !== undefined,
      'the calibration counts a single channel and line.inputs has encoderB, remove it or measure anew with both',
    ],
    [
      confirmation !== undefined && inputs.confirm === undefined,
      'the calibration has a confirmation and line.inputs has no confirm',
    ],
    [
      confirmation === undefined && inputs.confirm !== undefined,
      'line.inputs has confirm and the calibration has no confirmation',
    ],
    [
      reviewGate !== undefined && outputs.reviewGate === undefined,
      'the calibration has a reviewGate and line.outputs has none',
    ],
    [
      reviewGate === undefined && outputs.reviewGate !== undefined,
      'line.outputs has a reviewGate and the calibration has none',
    ],
  ];
  return pairs.filter(([wrong]) => wrong).map(([, fault]) => fault);
}

/** FNV-1a, 64 bits, of the text's bytes: what the gatekeeper says of the file that it read. */
export function confDigest(text: string): bigint {
  let digest = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) digest = BigInt.asUintN(64, (digest ^ BigInt(byte)) * 0x100000001b3n);
  return digest;
}
