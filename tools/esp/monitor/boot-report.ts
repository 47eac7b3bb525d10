import { z } from 'zod';
import { toldIn } from '../serial/told.ts';

// What the firmware says of its start, a line each, among all else that the console shows (components/esp_platform, report.h).
const eventSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('boot'),
    firmware: z.string(),
    board: z.string(),
    reset: z.string(),
    model: z.string(),
    sha256: z.string(),
  }),
  z.object({
    event: z.literal('self-test'),
    ok: z.boolean(),
    vectors: z.number(),
    passed: z.number(),
    arenaUsedBytes: z.number(),
    inferenceUs: z.number(),
  }),
  z.object({ event: z.literal('fault'), what: z.string(), status: z.string() }),
  z.object({ event: z.literal('ready'), on: z.boolean(), why: z.string() }),
]);
export type BootEvent = z.infer<typeof eventSchema>;

/** All that was seen of a start; the last of each, as a board may start more than once. */
export interface BootReport {
  readonly starts: number;
  readonly boot: Extract<BootEvent, { event: 'boot' }> | undefined;
  readonly selfTest: Extract<BootEvent, { event: 'self-test' }> | undefined;
  readonly ready: Extract<BootEvent, { event: 'ready' }> | undefined;
  readonly faults: readonly string[];
  /** What ESP-IDF says when it ends a program: a panic, a brown-out, a watchdog. */
  readonly crashes: readonly string[];
}

export const nothingSeen: BootReport = {
  starts: 0,
  boot: undefined,
  selfTest: undefined,
  ready: undefined,
  faults: [],
  crashes: [],
};

const CRASH =
  /Guru Meditation Error.*|Brownout detector was triggered.*|Task watchdog got triggered.*|abort\(\) was called.*|rst:0x[0-9a-f]+ \((?:RTCWDT|TG\dWDT|BROWNOUT)[^)]*\)/;
const KEPT = 20;

/** The report after one more line. A new start forgets what the one before it said, but not how it ended. */
export function withLine(report: BootReport, line: string): BootReport {
  const crash = CRASH.exec(line)?.[0];
  if (crash !== undefined) return { ...report, crashes: added(report.crashes, crash.trim()) };
  const event = toldIn(line, eventSchema);
  switch (event?.event) {
    case undefined:
      return report;
    case 'boot':
      return { ...nothingSeen, crashes: report.crashes, starts: report.starts + 1, boot: event };
    case 'self-test':
      return { ...report, selfTest: event };
    case 'ready':
      return { ...report, ready: event };
    case 'fault':
      return { ...report, faults: added(report.faults, `${event.what}: ${event.status}`) };
  }
}

/** Nothing more is to be expected of a start that went well. */
export function isComplete({ selfTest, ready }: BootReport): boolean {
  return selfTest !== undefined && ready !== undefined;
}

/** The report as lines for a person. */
export function reportText(report: BootReport): string[] {
  const { boot, selfTest, ready, faults, crashes, starts } = report;
  return [
    boot === undefined
      ? 'No start was seen.'
      : `${boot.board}, firmware ${boot.firmware}, started after ${boot.reset}; model ${boot.model} (${boot.sha256.slice(0, 12)})`,
    selfTest === undefined
      ? 'No self-test was seen.'
      : `Self-test ${selfTest.ok ? 'passed' : 'FAILED'}: ${selfTest.passed} of ${selfTest.vectors} golden vectors; arena ${selfTest.arenaUsedBytes} bytes, an inference ${(selfTest.inferenceUs / 1000).toFixed(1)} ms`,
    ...(ready === undefined ? [] : [`READY is ${ready.on ? 'on' : 'off'} (${ready.why})`]),
    ...faults.map((fault) => `Fault: ${fault}`),
    ...crashes.map((crash) => `Crash: ${crash}`),
    ...(starts > 1 ? [`The board started ${starts} times.`] : []),
  ];
}

function added(list: readonly string[], one: string): readonly string[] {
  return [...list, one].slice(-KEPT);
}
