// The command line: what each command is called and takes is its own to say.
import yargs from 'yargs';
import { LinegateError, messageOf } from '../agent/core/errors.ts';
import { commissionCommand } from './commands/commission.ts';
import { configCommand } from './commands/config.ts';
import { doctorCommand } from './commands/doctor.ts';
import { espCommand } from './commands/esp.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { gatekeeperConfCommand } from './commands/gatekeeper-conf.ts';
import { initCommand } from './commands/init.ts';
import { ledgerCommand } from './commands/ledger.ts';
import { partCommand } from './commands/part.ts';
import { provisionCommand } from './commands/provision.ts';
import { quantizeCommand } from './commands/quantize.ts';
import { receiveCommand } from './commands/receive.ts';
import { recipeCommand } from './commands/recipe.ts';
import { replayCommand } from './commands/replay.ts';
import { resumeCommand } from './commands/resume.ts';
import { runCommand } from './commands/run.ts';
import { simulateCommand } from './commands/simulate.ts';
import { statusCommand } from './commands/status.ts';
import { outliveReaders, tellFailure } from './output.ts';
import { version } from './version.ts';

// The oldest Node that runs TypeScript as it is and has what the agent needs.
const oldestNode = [22, 18] as const;

async function main(): Promise<void> {
  checkNode(process.versions.node);
  const parser = yargs(process.argv.slice(2))
    .scriptName('linegate')
    .usage('$0 <command>\n\nAn inspection station on a production line: trigger, frame, verdict, gate, record.')
    .command(runCommand)
    .command(simulateCommand)
    .command(statusCommand)
    .command(resumeCommand)
    .command(doctorCommand)
    .command(initCommand)
    .command(configCommand)
    .command(provisionCommand)
    .command(commissionCommand)
    .command(ledgerCommand)
    .command(recipeCommand)
    .command(receiveCommand)
    .command(quantizeCommand)
    .command(espCommand)
    .command(evaluateCommand)
    .command(partCommand)
    .command(replayCommand)
    .command(gatekeeperConfCommand)
    .example('$0 simulate', 'watch a simulated line with the machined-ring recipe')
    .example('$0 simulate --parts 300 --json', 'the same, 300 parts, judged, as one JSON document')
    .example('$0 run --config station.yaml', 'run the station that station.yaml describes')
    .example('$0 ledger verify --state state', 'prove that every part has exactly one record')
    .demandCommand(1, 'Say what to do, for example "linegate simulate"; "linegate --help" lists the commands.')
    // Of an option that is given twice the last counts, as with other commands.
    .parserConfiguration({ 'duplicate-arguments-array': false })
    .strict()
    .version(version())
    .help()
    .alias('help', 'h')
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .exitProcess(false)
    .fail((message, error) => {
      // What a command threw comes without a message, what the parser found with one.
      if (error instanceof LinegateError || !message) throw error;
      throw new LinegateError('bad-argument', messageOf(message));
    });
  await parser.parseAsync();
}

function checkNode(running: string): void {
  const [major = 0, minor = 0] = running.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  const message = `linegate needs Node ${oldestMajor}.${oldestMinor} or newer and this is ${running}; start it with "npm start" or "npx linegate", which bring their own.`;
  throw new LinegateError('missing-package', message);
}

outliveReaders();
try {
  await main();
} catch (error) {
  tellFailure(error);
}
