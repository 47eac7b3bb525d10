import { VirtualClock } from '../adapters/clock/virtual.ts';
import { FolderPictures } from '../adapters/pictures/folder.ts';
import { NoPictures } from '../adapters/pictures/none.ts';
import { Belt } from '../adapters/simulator/belt.ts';
import { SimulatedCamera } from '../adapters/simulator/camera.ts';
import { conveyorAt } from '../adapters/simulator/conveyor.ts';
import { Judge } from '../adapters/simulator/judge.ts';
import { SimulatedLine } from '../adapters/simulator/line.ts';
import { folderLots, ringLots } from '../adapters/simulator/lots.ts';
import { PictureSource } from '../adapters/simulator/picture-source.ts';
import type { SimulatorConfig } from '../config/station.ts';
import type { Frame } from '../core/frame.ts';
import type { Pictures } from '../ports/pictures.ts';
import { wireJournal } from './devices.ts';
import type { WiredLine } from './line.ts';
import { type Wiring, warn } from './wiring.ts';

/** A virtual line, which judges the station. */
export function wireSimulator(wiring: Wiring, line: SimulatorConfig): WiredLine {
  const { clock, recipe, at } = wiring;
  const { labels } = recipe.manifest;
  const { seed, defectRate, images, partsPerSecond } = line;
  const lots =
    images === undefined ? ringLots(labels, seed, defectRate) : folderLots(at(images), labels, seed, defectRate);
  const source = new PictureSource(lots);
  const belt = new Belt();
  const judge = new Judge();
  const conveyor = conveyorAt(partsPerSecond);
  const journal = wireJournal(wiring);
  const parts = line.parts === 0 ? Number.POSITIVE_INFINITY : line.parts;
  const simulated = new SimulatedLine({ clock, conveyor, source, belt, judge, journal, seed, parts });
  const saved = wireSaved(wiring);
  return {
    line: simulated,
    journal,
    camera: new SimulatedCamera(belt, source, (part, label, frame) =>
      save(wiring, saved, `${label}/${part}.png`, frame),
    ),
    saved,
    finished: simulated.finished,
    endOfBatch: () => simulated.endOfBatch(),
    simulation: { judge, travelNs: conveyor.travelNs },
  };
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
