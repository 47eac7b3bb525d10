import { existsSync } from 'node:fs';
import path from 'node:path';
import { askStatus } from '../agent/adapters/status/ask.ts';
import type { Alarm } from '../agent/core/alarms/alarm.ts';
import { doubtsInWords } from '../agent/core/alarms/doubts.ts';
import { ledgerFile } from '../agent/main.ts';
import type { StationStatus } from '../agent/ports/status.ts';
import { type LedgerStory, readStory } from './status-ledger.ts';

const answerWithinMs = 3000;

/** Says how the station with this state folder is, or was; exit status 1 when it does not run or alarms stand. */
export async function status({ state, json }: { state: string; json: boolean }): Promise<void> {
  const station = await askStatus(state, answerWithinMs);
  const file = path.join(state, ledgerFile);
  // A station that runs may have a ledger too young to have been written.
  const story = station !== null && !existsSync(file) ? null : readStory(file);
  const fine = station !== null && station.alarms.length === 0;
  process.exitCode = fine ? 0 : 1;
  const alarms = station?.alarms ?? story?.alarms ?? [];
  if (json) {
    const document = { running: station !== null, station, ledger: story, alarms };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const lines = station !== null ? running(station) : stopped(state, story);
  process.stdout.write(`${[...lines, ...totals(story), ...told(alarms, station !== null)].join('\n')}\n`);
}

function running(station: StationStatus): string[] {
  const { sinceStart, latencyMs, uplink, disk, headroom } = station;
  return [
    `Station ${station.station} runs since ${minutes(station.uptimeMs)}: recipe ${station.recipe}, Linegate ${station.software}.`,
    `  classifier  ${works(station.classifier)}`,
    `  camera      ${works(station.camera)}`,
    `  ledger      ${works(station.ledger)}`,
    ...line(station.line),
    `  uplink      ${uplink.state}${uplink.detail === null ? '' : ` (${uplink.detail})`}${backlog(uplink)}`,
    `  disk        ${disk === null ? 'not known yet' : `${percent(disk.usedShare)} used, ${Math.round(disk.freeBytes / 1e6)} MB free`}`,
    `  parts       ${sinceStart.parts} since the start${listed(sinceStart.outcomes)}`,
    ...optional('  reasons     ', sinceStart.reasons),
    ...optional('  findings    ', sinceStart.findings),
    `  verdicts    p50 ${latencyMs.p50 ?? '–'} ms, p99 ${latencyMs.p99 ?? '–'} ms after the trigger, ${headroom === null ? 'no headroom known' : `${percent(headroom)} headroom`}`,
  ];
}

function line({ ready, why, binFull, estop, encoder, gateLateMs }: StationStatus['line']): string[] {
  const { moves, p50, p99, max } = gateLateMs;
  const inputs = [binFull ? 'the bin is full' : 'the bin is not full', estop ? 'e-stop active' : 'e-stop inactive'];
  const known = inputs.filter((_, index) => [binFull, estop][index] !== null);
  return [
    `  line        ready ${ready}${why.length === 0 ? '' : ` (${doubtsInWords(why)})`}`,
    ...(known.length === 0 ? [] : [`  inputs      ${known.join(', ')}`]),
    ...(encoder === null ? [] : [`  encoder     ${belt(encoder)}`]),
    `  gate        ${moves === 0 ? 'has not moved' : `moved ${moves} times, late by p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`}`,
  ];
}

function belt({ counts, countsPerSecond, losses }: NonNullable<StationStatus['line']['encoder']>): string {
  const speed = countsPerSecond === 0 ? 'the belt stands' : `${countsPerSecond} a second`;
  return `at ${counts} counts, ${speed}, ${losses === 0 ? 'none lost' : `counts lost ${losses} times`}`;
}

function stopped(state: string, story: LedgerStory | null): string[] {
  if (story === null || story.session === null) return [`No station runs in ${state}, and none has.`];
  const { session, lastPart, unacknowledgedRows } = story;
  const how = session.endedInOrder
    ? `It was stopped in order at ${time(session.lastRowWallMs)}`
    : `It died without a word after ${time(session.lastRowWallMs)}`;
  return [
    `No station runs in ${state}.`,
    `  ${how}; it had started at ${time(session.startedWallMs)}.`,
    lastPart === null
      ? '  It has recorded no part.'
      : `  The last part is ${lastPart.part}: ${lastPart.outcome}, at ${time(lastPart.wallMs)}.`,
    `  ${unacknowledgedRows} of ${story.rows} rows are not acknowledged by a receiver.`,
  ];
}

function totals(story: LedgerStory | null): string[] {
  const known = story?.totals as { outcomes?: Record<string, number> } | null | undefined;
  return known?.outcomes === undefined
    ? []
    : [`  in all      ${listed(known.outcomes).replace(/^: /, '') || 'no part'}`];
}

function told(alarms: readonly Alarm[], runs: boolean): string[] {
  if (alarms.length === 0) return [runs ? 'No alarm stands.' : 'No alarm stood.'];
  const lines = alarms.flatMap(({ sentence, advice, sinceWallMs }) => [
    `  ${time(sinceWallMs)}  ${sentence}`,
    `      ${advice}`,
  ]);
  return [runs ? 'Alarms:' : 'Alarms that stood at the end:', ...lines];
}

function works({ state, detail }: StationStatus['camera']): string {
  return detail === null ? state : `${state} (${detail})`;
}

function backlog({ backlogRows, lastAckWallMs }: StationStatus['uplink']): string {
  if (backlogRows === null) return '';
  const ack = lastAckWallMs === null ? 'none acknowledged yet' : `last acknowledged ${time(lastAckWallMs)}`;
  return `, ${backlogRows} rows waiting, ${ack}`;
}

function optional(name: string, counts: Readonly<Record<string, number>>): string[] {
  return Object.keys(counts).length === 0 ? [] : [`${name}${listed(counts).slice(2)}`];
}

function listed(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return entries.length === 0 ? '' : `: ${entries.join(', ')}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function minutes(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

function time(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
