import type { Recipe } from '../config/recipe.ts';
import type { StationConfig } from '../config/station.ts';
import type { StationStatus } from '../ports/status.ts';

type Broker = Extract<StationConfig['uplink'], { kind: 'mqtt' }>;
type CameraConfig = StationConfig['camera'];

/** What a camera gave in some seconds. */
export type CameraLook =
  | {
      readonly kind: 'seen';
      readonly frames: number;
      readonly seconds: number;
      readonly widthPx: number;
      readonly heightPx: number;
      readonly format: string;
      /** Clock of the frames' times. */
      readonly clock: string;
      readonly firstFrameMs: number;
      /** Longest time from a frame to the next, by the sensor's times. */
      readonly longestGapMs: number;
      /** Frames that the sequence numbers say are missing. */
      readonly missed: number;
    }
  | { readonly kind: 'busy' | 'unsupported' | 'failed'; readonly detail: string };

/** Times of writing a small block and waiting until it is on the disk. */
export type WriteTimes =
  | { readonly kind: 'times'; readonly ms: readonly number[] }
  | { readonly kind: 'failed'; readonly detail: string };

export type LedgerLook =
  | { readonly kind: 'none' }
  | { readonly kind: 'slow'; readonly sizeBytes: number }
  | { readonly kind: 'failed'; readonly detail: string }
  | {
      readonly kind: 'read';
      readonly faults: readonly string[];
      readonly journal: string;
      readonly pageBytes: number;
      readonly sizeBytes: number;
      readonly rows: number;
    };

/** The steps to a broker, in order. */
export type BrokerStep = 'files' | 'name' | 'tcp' | 'tls' | 'login' | 'publish';

/** How far the way to the broker goes; times in ms by step. */
export interface BrokerLook {
  readonly ms: Partial<Record<BrokerStep, number>>;
  /** The step that failed, if one did. */
  readonly failed: { readonly step: BrokerStep; readonly detail: string } | null;
  /** Whether publishing on the station's topic is allowed; `unknown` where the broker does not say, as with MQTT 3.1.1. */
  readonly publish: 'allowed' | 'refused' | 'unknown';
  readonly topic: string;
}

export type ModelLook =
  | { readonly kind: 'times'; readonly ms: readonly number[]; readonly engine: string }
  | { readonly kind: 'failed'; readonly detail: string };

export type StationLook =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly status: StationStatus }
  | { readonly kind: 'silent'; readonly detail: string };

/** What takes more than a glance: each is bounded to some seconds, never rejects, and leaves a running station alone. */
export interface Probes {
  /** Opens the camera unless somebody holds it. */
  camera(camera: CameraConfig, seconds: number): Promise<CameraLook>;
  /** Writes a small file in the folder, many times, and deletes it. */
  writes(folder: string): Promise<WriteTimes>;
  ledger(file: string): Promise<LedgerLook>;
  /** Connects under a name of its own, so that the station's own connection stays, and publishes where nobody listens. */
  broker(uplink: Broker, station: string): Promise<BrokerLook>;
  /** Loads the model in a process of its own and runs it for a second or two. */
  model(recipe: Recipe, engine: StationConfig['classifier']['engine']): Promise<ModelLook>;
  /** The status that a running station tells. */
  station(stateFolder: string): Promise<StationLook>;
}
