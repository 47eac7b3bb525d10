// What a station's unit starts: "linegate run --config FILE" without the reading of a command line, which would take a part of
// the time that a station has to be ready again. Usage: node station.cjs --config FILE
import './plain-schemas.ts';
import { outliveReaders, tellFailure } from './output.ts';
import { run } from './run.ts';

outliveReaders();
void run(process.argv[3] ?? '').catch(tellFailure);
