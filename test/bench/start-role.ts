// A station from its configuration to its first verdict, as `linegate run` starts it: node start-role.ts STATION_YAML
import { writeSync } from 'node:fs';
import path from 'node:path';
import { readDocument } from '../../agent/config/read.ts';
import { stationSchema } from '../../agent/config/station.ts';
import { createStation } from '../../agent/main.ts';

const file = process.argv[2] ?? '';
const config = readDocument(file, 'station configuration', stationSchema, 'bad-config');
const station = createStation(config, {
  baseFolder: path.dirname(file),
  software: 'bench',
  note: () => undefined,
  observe: ({ kind }) => {
    if (kind === 'verdict') writeSync(1, 'verdict\n');
  },
});
await station.start();
