import { flushCompileCache } from 'node:module';
import path from 'node:path';
import { readDocument } from '../agent/config/read.ts';
import { stationSchema } from '../agent/config/station.ts';
import { createStation, wireWatchdog } from '../agent/main.ts';
import { stderrLog } from './log.ts';
import { onceStopped } from './signals.ts';
import { version } from './version.ts';

/** Runs the station of a station.yaml until it is stopped. Paths in it are relative to it. */
export async function run(configFile: string): Promise<void> {
  const config = readDocument(configFile, 'station configuration', stationSchema, 'bad-config');
  const log = stderrLog(config.log.level);
  const station = createStation(config, {
    software: version(),
    baseFolder: path.dirname(path.resolve(configFile)),
    note: (note) => log.note(note),
    observe: (observation) => log.observe(observation),
  });
  const watchdog = wireWatchdog((note) => log.note(note));
  const stopped = onceStopped();
  watchdog.start();
  try {
    await station.start();
    // Before ready, and not at the end, which a power cut takes away. Nothing where NODE_COMPILE_CACHE is not set.
    flushCompileCache();
    watchdog.ready(`Inspecting with ${station.recipeId}.`);
    await Promise.race([station.runToEnd(), stopped.signal]);
    watchdog.stopping();
    if (stopped.happened()) await station.finishBatch();
  } finally {
    stopped.forget();
    await station
      .stop()
      .finally(() => watchdog.stop())
      .finally(() => log.close());
  }
}
