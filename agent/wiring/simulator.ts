import { VirtualClock } from '../adapters/clock/virtual.ts';
import { MemoryJournal } from '../adapters/journal/memory.ts';
import { FolderPictures } from '../adapters/pictures/folder.ts';
import { NoPictures } from '../adapters/pictures/none.ts';
import { Belt, type PartSource } from '../adapters/simulator/belt.ts';
import { SimulatedCamera } from '../adapters/simulator/camera.ts';
import { conveyorAt, gateSensorWindow } from '../adapters/simulator/conveyor.ts';
import { FaultyCamera } from '../adapters/simulator/faults/camera.ts';
import { FaultDice } from '../adapters/simulator/faults/plan.ts';
import { FlatParts } from '../adapters/simulator/flat-parts.ts';
import { Judge } from '../adapters/simulator/judge.ts';
import { SimulatedLine } from '../adapters/simulator/line.ts';
import { folderLots, ringLots } from '../adapters/simulator/lots.ts';
import { PictureSource } from '../adapters/simulator/picture-source.ts';
import type { SimulatorConfig } from '../config/station.ts';
import type { Frame } from '../core/frame.ts';
import { holdCamera } from '../pipeline/hold.ts';
import type { Camera } from '../ports/camera.ts';
import type { Clock } from '../ports/clock.ts';
import type { Pictures } from '../ports/pictures.ts';
import { wireJournal } from './devices.ts';
import type { WiredLine } from './line.ts';
import { type Wiring, warn } from './wiring.ts';

/** A virtual line, which judges the station. */
export function wireSimulator(wiring: Wiring, config: SimulatorConfig): WiredLine {
  const { clock, options } = wiring;
  const { seed, partsPerSecond } = config;
  const { rehearsal } = options;
  const dice = rehearsal === undefined ? undefined : new FaultDice(rehearsal.seed, rehearsal.faults);
  const source = wireSource(wiring, config);
  const belt = new Belt();
  const judge = new Judge();
  const conveyor = conveyorAt(partsPerSecond);
  const journal = rehearsal?.ledger === 'memory' ? new MemoryJournal(null) : wireJournal(wiring);
  const parts = config.parts === 0 ? Number.POSITIVE_INFINITY : config.parts;
  const line = new SimulatedLine({ clock, conveyor, source, belt, judge, journal, seed, parts, dice });
  const saved = wireSaved(wiring);
  const camera = new SimulatedCamera(belt, source, (part, label, frame) =>
    save(wiring, saved, `${label}/${part}.png`, frame),
  );
  const { travelNs, minSpacingNs } = conveyor;
  return {
    line,
    journal,
    camera: withFaults(clock instanceof VirtualClock ? holdCamera(camera, clock) : camera, dice, clock, travelNs),
    saved,
    finished: line.finished,
    endOfBatch: () => line.endOfBatch(),
    gateSensor: gateSensorWindow(conveyor),
    simulation: {
      judge,
      travelNs,
      line,
      frameWindowNs: minSpacingNs / 4,
      dice,
    },
  };
}

function wireSource({ options, recipe, at }: Wiring, { seed, defectRate, images }: SimulatorConfig): PartSource {
  if (options.rehearsal?.classifier === 'scripted') return new FlatParts(seed, defectRate);
  const { labels } = recipe.manifest;
  const rendered = images === undefined;
  return new PictureSource(
    rendered ? ringLots(labels, seed, defectRate) : folderLots(at(images), labels, seed, defectRate),
  );
}

function withFaults(camera: Camera, dice: FaultDice | undefined, clock: Clock, lateNs: number): Camera {
  return dice === undefined ? camera : new FaultyCamera({ camera, dice, clock, lateNs });
}

function wireSaved({ options, at }: Wiring): Pictures {
  const { savePictures } = options;
  if (savePictures === undefined) return new NoPictures();
  const folder = at(savePictures);
  return new FolderPictures({ folder, maxMegabytes: 1e6, maxPending: 256, onFault: warn(options, 'pictures') });
}

/** Real time does not wait for the disk; virtual time stands still for it. */
function save({ options, clock }: Wiring, saved: Pictures, name: string, frame: Frame): void {
  if (options.savePictures === undefined) return;
  const keeping = saved.keep(name, frame);
  if (clock instanceof VirtualClock) void clock.hold(keeping);
  void keeping.then((kept) => {
    if (!kept) warn(options, 'pictures')(`The picture ${name} is not saved: the disk is too slow for this line.`);
  });
}
