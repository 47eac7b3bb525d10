import { chute } from './chute.ts';
import { encoder } from './encoder.ts';
import { estop } from './estop.ts';
import { inputs } from './inputs.ts';
import { gate, ready } from './outputs.ts';
import { overview } from './overview.ts';
import { camera, oneShot, plc } from './signals.ts';

/** The diagrams of the wiring guide by the name of their file. */
export function drawings(): Readonly<Record<string, string>> {
  return {
    'wiring-camera.svg': camera(),
    'wiring-confirmation.svg': chute(),
    'wiring-encoder.svg': encoder(),
    'wiring-estop.svg': estop(),
    'wiring-gate.svg': gate(),
    'wiring-input.svg': inputs(),
    'wiring-one-shot.svg': oneShot(),
    'wiring-overview.svg': overview(),
    'wiring-plc.svg': plc(),
    'wiring-ready.svg': ready(),
  };
}
