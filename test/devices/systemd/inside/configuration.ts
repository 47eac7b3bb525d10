import { type Check, equals } from '../../../faults/check.ts';
import { readyIs } from './belt.ts';
import { stationFile, writeCalibration, writeSecondStation, writeStation } from './install.ts';
import { command, journalSince, mainPid, must, nowNs, show } from './service.ts';
import { agent, config, gatekeeper, type Trial } from './world.ts';

const confFile = '/var/lib/linegate/gatekeeper.conf';
const confNow = (): string => must('sha256sum', confFile);

/** A wrong station.yaml: one sentence, and the line goes on with the last good configuration. */
export const wrongStation: Trial = async ({ belt }) => {
  await readyIs(true);
  const [good, sinceNs] = [confNow(), nowNs()];
  writeStation(stationFile, { stateFolder: 7 });
  must('systemctl', 'restart', config);
  const said = journalSince(config, sinceNs);
  const checks: Check[] = [
    equals('wrong station.yaml: sentences in the journal', said.length, 1),
    equals('wrong station.yaml: the sentence names file and field', namesIt(said[0]), 'yes'),
    equals('wrong station.yaml: gatekeeper', show(gatekeeper, 'ActiveState'), 'active'),
    equals(
      'wrong station.yaml: its configuration',
      confNow() === good ? 'the last good one' : 'another',
      'the last good one',
    ),
  ];
  // The agent that runs has read the good one, and goes on as well.
  await readyIs(true);
  await belt.send(2);
  await belt.clear();
  return [...checks, ...(await agentRefuses())];
};

const namesIt = (sentence = ''): string =>
  sentence.includes(stationFile) && sentence.includes('stateFolder') ? 'yes' : sentence;

/** An agent that is started with it ends with a sentence and is not started over and over. */
async function agentRefuses(): Promise<readonly Check[]> {
  const [keeper, sinceNs] = [mainPid(gatekeeper), nowNs()];
  command('systemctl', 'restart', agent);
  const said = journalSince(agent, sinceNs).filter((line) => line.startsWith('linegate: '));
  return [
    equals('wrong station.yaml: agent', show(agent, 'ActiveState'), 'failed'),
    equals('wrong station.yaml: sentences of the agent', said.length, 1),
    equals(
      'wrong station.yaml: gatekeeper meanwhile',
      mainPid(gatekeeper) === keeper ? 'the same' : 'another',
      'the same',
    ),
  ];
}

/** A changed calibration is taken by restarting the configuration and the agent. */
export const changedCalibration: Trial = async ({ belt }) => {
  const before = confNow();
  writeStation(stationFile);
  writeCalibration({ recoveryMs: 60 });
  must('systemctl', 'restart', config, agent);
  const changed = confNow() === before ? 'no' : 'yes';
  await readyIs(true);
  await belt.send(2);
  await belt.clear();
  return [
    equals('changed calibration: the gatekeeper has it', changed, 'yes'),
    equals('changed calibration: agent', show(agent, 'ActiveState'), 'active'),
  ];
};

/** A second station on the same computer, from the template units. */
export const secondStation: Trial = async () => {
  writeSecondStation('two');
  const [keeper, station] = [mainPid(gatekeeper), mainPid(agent)];
  command('systemctl', 'start', 'linegate@two.service');
  const both = ['linegate-gatekeeper@two.service', 'linegate@two.service'];
  const checks = both.map((unit) => equals(`second station: ${unit}`, show(unit, 'ActiveState'), 'active'));
  command('systemctl', 'stop', ...both);
  const same = mainPid(gatekeeper) === keeper && mainPid(agent) === station;
  return [...checks, equals('second station: processes of the first', same ? 'the same' : 'others', 'the same')];
};
