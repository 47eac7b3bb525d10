import type { Tools } from '../look.ts';
import type { Probes } from '../probes.ts';
import type { Wants } from '../wants.ts';
import { type Computer, ComputerHost } from './computer.ts';

/** 2026-02-02, the moment of the computers made up here. */
const nowMs = 1_770_000_000_000;

/** Probes that all find things in order. */
export const goodProbes: Probes = {
  camera: async () => ({
    kind: 'seen',
    frames: 90,
    seconds: 3,
    widthPx: 640,
    heightPx: 480,
    format: 'yuyv',
    clock: 'monotonic',
    firstFrameMs: 60,
    longestGapMs: 34,
    missed: 0,
  }),
  writes: async () => ({ kind: 'times', ms: [1, 2, 3, 4, 5] }),
  ledger: async () => ({ kind: 'read', faults: [], journal: 'wal', pageBytes: 2048, sizeBytes: 40_960, rows: 12 }),
  broker: async () => ({
    ms: { files: 1, name: 2, tcp: 3, login: 4, publish: 5 },
    failed: null,
    publish: 'allowed',
    topic: 'edge/v1/press/up/doctor',
  }),
  model: async () => ({ kind: 'times', ms: [3, 4, 5], engine: 'onnxruntime' }),
  station: async () => ({ kind: 'none' }),
};

/** What a look at a made-up computer is made with. */
export function toolsFor(
  computer: Computer,
  { wants = null, probes = {} }: { readonly wants?: Wants | null; readonly probes?: Partial<Probes> } = {},
): Tools {
  return {
    host: new ComputerHost(computer),
    probes: { ...goodProbes, ...probes },
    wants,
    cameraSeconds: 3,
    gpioProgram: 'linegate-gpioinfo',
    nowMs,
    timeZone: 'Europe/Berlin',
  };
}
