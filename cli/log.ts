import path from 'node:path';
import { pino } from 'pino';
import { makeStateFolder } from '../agent/config/state-folder.ts';
import { LinegateError, messageOf } from '../agent/core/errors.ts';
import type { Note } from '../agent/main.ts';
import type { Observation } from '../agent/pipeline/observation.ts';

/** Where the station's notes and observations go. */
export interface Log {
  note(note: Note): void;
  observe(observation: Observation): void;
  close(): void;
}

type Level = 'error' | 'warn' | 'info' | 'debug';

/** A log file in the state folder, for a simulation that has the terminal to itself. */
export function fileLog(stateFolder: string): Log {
  makeStateFolder(stateFolder);
  try {
    return logTo(path.join(stateFolder, 'agent.log'), 'info');
  } catch (error) {
    const message = `The state folder ${stateFolder} cannot be written: ${messageOf(error)}; give another one.`;
    throw new LinegateError('state-folder', message, { cause: error });
  }
}

/** JSON lines on standard error, for a service's journal. */
export function stderrLog(level: Level): Log {
  return logTo(2, level);
}

/** What a log that cannot be written may keep in memory. */
const maxWaitingBytes = 1_000_000;

function logTo(dest: string | number, level: Level): Log {
  const destination = pino.destination({ dest, sync: true, maxLength: maxWaitingBytes });
  // A log on a full disk, or with no reader, loses lines; it must not stop a line that runs.
  destination.on('error', () => undefined);
  const logger = pino({ level, base: null }, destination);
  return {
    note: ({ level: noteLevel, event, ...fields }) => logger[noteLevel]({ event, ...fields }),
    observe: (observation) => logObservation(logger, observation),
    close: () => destination.end(),
  };
}

function logObservation(logger: pino.Logger, observation: Observation): void {
  switch (observation.kind) {
    case 'recorded': {
      const { part, judgement, action, cause } = observation.record;
      const what = judgement.kind === 'no-verdict' ? judgement.reason : judgement.verdict;
      logger.debug({ event: 'recorded', part, what, action, cause, seq: observation.seq });
      if (observation.seq === null) logger.warn({ event: 'record-folded', part });
      break;
    }
    case 'broken':
      logger.error({ event: 'broken', part: observation.part, message: observation.message });
      break;
    case 'picture-lost':
      logger.warn({ event: 'picture-lost', part: observation.part });
      break;
    case 'line':
      logLine(logger, observation.event);
      break;
    case 'alarm': {
      const { change, alarm } = observation;
      const level = change === 'raised' ? 'warn' : 'info';
      logger[level]({ event: `alarm-${change}`, id: alarm.id, sentence: alarm.sentence, advice: alarm.advice });
      break;
    }
    case 'finding': {
      const { kind, ...fields } = observation.finding;
      logger.warn({ event: kind, ...fields });
      break;
    }
    case 'known':
      logger.info({ event: 'known', part: observation.record.part, seq: observation.seq });
      break;
    case 'verdict':
      break;
  }
}

const loud = new Set([
  'stop-line',
  'fault',
  'missed-pulse',
  'verdict-late',
  'verdict-unknown',
  'interrupted',
  'ready',
  'signal',
]);

function logLine(logger: pino.Logger, event: Extract<Observation, { kind: 'line' }>['event']): void {
  const { kind, ...fields } = event;
  if (loud.has(kind)) logger.warn({ event: kind, ...fields });
  else logger.debug({ event: kind, ...fields });
}
