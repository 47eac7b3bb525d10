import path from 'node:path';
import { FolderCamera } from '../adapters/camera/folder.ts';
import { NodeLibcameraCamera } from '../adapters/camera/node-libcamera.ts';
import { StreamCamera } from '../adapters/camera/stream.ts';
import { modelCommand } from '../adapters/classifier/commands.ts';
import { ProcessClassifier } from '../adapters/classifier/process.ts';
import { SystemClock } from '../adapters/clock/system.ts';
import { NoGate } from '../adapters/gate/none.ts';
import { OnoffGate } from '../adapters/gate/onoff.ts';
import { FileJournal } from '../adapters/journal/file.ts';
import { readBootId } from '../adapters/ledger/boot-id.ts';
import { FolderPictures } from '../adapters/pictures/folder.ts';
import { NoPictures } from '../adapters/pictures/none.ts';
import { DeskCamera } from '../adapters/simulator/desk-camera.ts';
import { ringLots } from '../adapters/simulator/lots.ts';
import { PictureSource } from '../adapters/simulator/picture-source.ts';
import { IntervalTrigger } from '../adapters/trigger/interval.ts';
import { MqttTrigger, type MqttTriggerState } from '../adapters/trigger/mqtt.ts';
import { OnoffTrigger } from '../adapters/trigger/onoff.ts';
import type { StreamConfig } from '../config/camera.ts';
import { loadGolden } from '../config/recipe.ts';
import type { SoftwareLineConfig } from '../config/station.ts';
import type { AlarmInput } from '../core/alarms/input.ts';
import { LinegateError } from '../core/errors.ts';
import type { Camera } from '../ports/camera.ts';
import type { Classifier } from '../ports/classifier.ts';
import type { Gate } from '../ports/gate.ts';
import type { Journal } from '../ports/journal.ts';
import type { Pictures } from '../ports/pictures.ts';
import type { TriggerSource } from '../ports/trigger.ts';
import { streamSource } from './camera-stream.ts';
import { type Wiring, warn } from './wiring.ts';

/** `take` hears whether a camera that streams gives frames. */
export function wireCamera(wiring: Wiring, separationMs: number, take: (input: AlarmInput) => void): Camera {
  const { config, options, clock, recipe, at } = wiring;
  const { camera } = config;
  const onFault = warn(options, 'camera');
  switch (camera.kind) {
    case 'folder': {
      const { existing, afterwards } = camera;
      return new FolderCamera({
        folder: at(camera.path),
        existing,
        afterwards,
        spacingMs: separationMs,
        clock,
        onFault,
      });
    }
    case 'node-libcamera':
      return new NodeLibcameraCamera({
        widthPx: camera.widthPx,
        heightPx: camera.heightPx,
        clock,
        scratchFolder: at(config.stateFolder),
      });
    case 'v4l2':
    case 'rpicam':
    case 'gstreamer':
      return wireStream(wiring, camera, take);
    case 'simulator':
      return new DeskCamera(new PictureSource(ringLots(recipe.manifest.labels, 1, 0.2)));
  }
}

function wireStream({ options, clock }: Wiring, camera: StreamConfig, take: (input: AlarmInput) => void): Camera {
  const { framesPerSecond, stallMs, windowMs } = camera;
  const externalTrigger = 'externalTrigger' in camera ? camera.externalTrigger : undefined;
  return new StreamCamera({
    source: streamSource(camera),
    clock,
    framesPerSecond,
    stallMs,
    ...(windowMs !== undefined && { windowMs }),
    ...(externalTrigger !== undefined && { externalTrigger }),
    onState: ({ kind, ...rest }) => {
      options.note({ level: kind === 'ok' ? 'info' : 'warn', event: 'camera', state: kind, ...rest });
      take(
        'message' in rest
          ? { kind: 'camera', state: 'failing', message: rest.message }
          : { kind: 'camera', state: 'ok' },
      );
    },
  });
}

export function wireTrigger({ options, clock }: Wiring, trigger: SoftwareLineConfig['trigger']): TriggerSource {
  const onFault = warn(options, 'trigger');
  switch (trigger.kind) {
    case 'interval':
      return new IntervalTrigger(clock, trigger.everyMs);
    case 'mqtt': {
      const { url, topic } = trigger;
      const onState = ({ kind, ...rest }: MqttTriggerState): void =>
        options.note({ level: kind === 'connected' ? 'info' : 'warn', event: 'trigger', state: kind, ...rest });
      return new MqttTrigger({ clock, url, topic, onState, onIgnored: onFault });
    }
    case 'onoff':
      return new OnoffTrigger({ clock, gpio: trigger.gpio, onFault });
    case 'camera':
      throw new LinegateError('bad-config', 'line.trigger.kind is "camera" and goes with camera.kind "folder" only.');
  }
}

export function wireGate({ options }: Wiring, gate: SoftwareLineConfig['gate']): Gate {
  if (gate.kind === 'none') return new NoGate();
  return new OnoffGate({ gpio: gate.gpio, activeLevel: gate.activeLevel, onFault: warn(options, 'gate') });
}

export function wireJournal({ config, options, at }: Wiring): Journal {
  const file = path.join(at(config.stateFolder), 'line.journal');
  return new FileJournal({ path: file, bootId: readBootId(), onFault: warn(options, 'journal') });
}

export function wireClassifier({ config, options, recipe }: Wiring, take: (input: AlarmInput) => void): Classifier {
  const { engine, hangMs, maxPending } = config.classifier;
  return new ProcessClassifier({
    command: modelCommand(engine, recipe.manifest, recipe.modelFile),
    manifest: recipe.manifest,
    golden: loadGolden(recipe),
    clock: new SystemClock(),
    hangMs,
    maxPending,
    onState: (state) => {
      options.note({ level: state.kind === 'up' ? 'info' : 'warn', event: 'classifier', ...state });
      take(
        state.kind === 'up'
          ? { kind: 'classifier', state: 'up' }
          : { kind: 'classifier', state: 'down', detail: state.detail },
      );
    },
    onLine: (line) => options.note({ level: 'debug', event: 'classifier-says', line }),
  });
}

export function wirePictures({ config, options, at }: Wiring): Pictures {
  const { keep, maxMegabytes } = config.pictures;
  if (keep === 'none' || options.rehearsal?.classifier === 'scripted') return new NoPictures();
  return new FolderPictures({
    folder: path.join(at(config.stateFolder), 'pictures'),
    maxMegabytes,
    onFault: warn(options, 'pictures'),
  });
}
