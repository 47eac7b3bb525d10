/** The fields of struct track_counters in track.h, in their order. */
const names = [
  'triggers',
  'triggersIgnored',
  'triggersClamped',
  'tooClose',
  'failSafes',
  'verdictsLate',
  'verdictsUnknown',
  'verdictsRepeated',
  'ejected',
  'passed',
  'missed',
  'aborted',
  'pulses',
  'confirmed',
  'unconfirmed',
  'confirmationsUnexpected',
  'lineStops',
  'eventsLost',
] as const;

/** What each counts is said in agent/native/track/track.h. */
export type TrackerCounters = Readonly<Record<(typeof names)[number], number>>;

/** Reads the counters that agent/native/track/wasm.c has written at this address. */
export function readCounters(memory: DataView, address: number): TrackerCounters {
  const entries = names.map((name, index) => [name, memory.getFloat64(address + 8 * index, true)]);
  return Object.fromEntries(entries) as TrackerCounters;
}
