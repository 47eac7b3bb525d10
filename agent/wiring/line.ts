import { FolderCamera } from '../adapters/camera/folder.ts';
import { dialSocket } from '../adapters/line/gatekeeper/connection.ts';
import { GatekeeperLine } from '../adapters/line/gatekeeper/line.ts';
import { SoftwareLine } from '../adapters/line/software.ts';
import { NoPictures } from '../adapters/pictures/none.ts';
import type { FaultDice } from '../adapters/simulator/faults/plan.ts';
import type { Judge } from '../adapters/simulator/judge.ts';
import type { SimulatedLine } from '../adapters/simulator/line.ts';
import { loadCalibration, readCalibration } from '../config/calibration.ts';
import type { GatekeeperLineConfig } from '../config/gatekeeper.ts';
import { confDigest, gatekeeperConf } from '../config/gatekeeper-conf.ts';
import type { SoftwareLineConfig } from '../config/station.ts';
import type { AlarmInput } from '../core/alarms/input.ts';
import type { GateSensorWindow } from '../core/reconcile/reconcile.ts';
import type { Camera } from '../ports/camera.ts';
import type { Journal } from '../ports/journal.ts';
import type { Line } from '../ports/line.ts';
import type { Pictures } from '../ports/pictures.ts';
import { wireCamera, wireGate, wireJournal, wireTrigger } from './devices.ts';
import { gateSensorOf } from './gate-sensor.ts';
import type { Wiring } from './wiring.ts';

/** What only a simulated line has. */
export interface Simulation {
  readonly judge: Judge;
  readonly travelNs: number;
  readonly line: SimulatedLine;
  /** How far a frame may be from its trigger. */
  readonly frameWindowNs: number;
  /** What goes wrong; undefined where nothing is to. */
  readonly dice: FaultDice | undefined;
}

/** A line with what hangs on it. */
export interface WiredLine {
  readonly line: Line;
  readonly journal: Pick<Journal, 'close'>;
  readonly camera: Camera;
  /** Where a simulation saves what its camera sees. */
  readonly saved: Pictures;
  readonly finished: Promise<void>;
  readonly endOfBatch: () => Promise<void>;
  /** Where a part must be seen by the sensor at the gate; undefined where there is none to compare with. */
  readonly gateSensor: GateSensorWindow | undefined;
  readonly simulation: Simulation | undefined;
}

type Take = (input: AlarmInput) => void;

/** A line on real parts, whatever it runs on. `take` hears what its camera says of itself. */
export function wireReal(wiring: Wiring, config: SoftwareLineConfig | GatekeeperLineConfig, take: Take): WiredLine {
  return config.kind === 'gatekeeper' ? wireGatekeeper(wiring, config, take) : wireSoftware(wiring, config, take);
}

/** The line of the gatekeeper, which has been started with the configuration that this station's files give. */
function wireGatekeeper(wiring: Wiring, config: GatekeeperLineConfig, take: Take): WiredLine {
  const { clock, at } = wiring;
  const calibration = readCalibration(at(config.calibration));
  const conf = gatekeeperConf({ station: wiring.config.station, line: config, calibration });
  const { socket, heartbeatMs } = config;
  const line = new GatekeeperLine({
    clock,
    socket,
    dial: dialSocket(socket),
    digest: confDigest(conf),
    heartbeatNs: heartbeatMs * 1e6,
    base: calibration.base,
    watched: [
      ...(config.inputs.binFull === undefined ? [] : (['bin-full'] as const)),
      ...(config.inputs.estopStatus === undefined ? [] : (['estop-status'] as const)),
    ],
  });
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return {
    line,
    // The gatekeeper keeps its own, over the agent's death.
    journal: { close: () => {} },
    camera: wireCamera(wiring, 0, take),
    saved: new NoPictures(),
    finished,
    // Parts go on coming: what is on the belt is the next agent's to record.
    endOfBatch: async () => finish(),
    gateSensor: gateSensorOf(config, calibration),
    simulation: undefined,
  };
}

/** The tracker in the agent's own process, with whatever trigger and gate the configuration names. */
function wireSoftware(wiring: Wiring, config: SoftwareLineConfig, take: Take): WiredLine {
  const { clock, at } = wiring;
  const calibration = loadCalibration(at(config.calibration));
  const separationMs = (calibration.widthNs + calibration.recoveryNs) / 1e6;
  const camera = wireCamera(wiring, separationMs, take);
  const trigger = camera instanceof FolderCamera ? camera : wireTrigger(wiring, config.trigger);
  const gate = wireGate(wiring, config.gate);
  const journal = wireJournal(wiring);
  const line = new SoftwareLine({ clock, trigger, gate, journal, calibration });
  return {
    line,
    journal,
    camera,
    saved: new NoPictures(),
    finished: line.finished,
    endOfBatch: () => line.endOfBatch(),
    gateSensor: undefined,
    simulation: undefined,
  };
}
