import { until } from '../../../../agent/native/gatekeeper/testing/client.ts';
import { atMost, equals } from '../../../faults/check.ts';
import { levelOf } from '../../../lab/gatekeeper/pins.ts';
import { readyIs } from './belt.ts';
import { activeAgainAfter, mainPid, nowNs, show } from './service.ts';
import { agent, gatekeeper, quickest, repeats, type Trial } from './world.ts';

/** WatchdogSec= of the units, seconds. */
const watchdogs = { [agent]: 5, [gatekeeper]: 2 } as const;
/** From the death to a new one that is active. */
const restartS = 1.5;

/** The agent is killed with parts on the belt; two more come while it is dead. */
export const agentKilled: Trial = async ({ belt, say }) => {
  const keeper = mainPid(gatekeeper);
  const took: number[] = [];
  for (let time = 0; time < repeats; time += 1) {
    await readyIs(true);
    await belt.send(2);
    // Asked beforehand: to ask takes the lab a twentieth of a second, in which nobody is dead yet.
    const pid = mainPid(agent);
    const killedNs = nowNs();
    process.kill(pid, 'SIGKILL');
    await belt.send(2);
    took.push(await activeAgainAfter(agent, killedNs));
    await belt.clear();
  }
  say(`agent killed: active again after ${took.map((s) => s.toFixed(2)).join(', ')} s`);
  return [
    atMost('agent killed: active again, quickest of times, s', quickest(took), restartS),
    equals('agent killed: gatekeeper', mainPid(gatekeeper) === keeper ? 'the same' : 'another', 'the same'),
  ];
};

/** The agent stands still, as with a loop that does not end. */
export const agentHangs: Trial = async ({ belt, say }) => {
  const keeper = mainPid(gatekeeper);
  const took: number[] = [];
  for (let time = 0; time < repeats; time += 1) {
    await readyIs(true);
    const pid = mainPid(agent);
    const stoppedNs = nowNs();
    process.kill(pid, 'SIGSTOP');
    await belt.send(2);
    took.push(await activeAgainAfter(agent, stoppedNs));
    await belt.clear();
  }
  say(`agent stopped: active again after ${took.map((s) => s.toFixed(2)).join(', ')} s`);
  return [
    atMost('agent hangs: active again, quickest of times, s', quickest(took), watchdogs[agent] + restartS),
    equals('agent hangs: gatekeeper', mainPid(gatekeeper) === keeper ? 'the same' : 'another', 'the same'),
  ];
};

/** The gatekeeper is killed while its gate is active. */
export const gatekeeperKilled: Trial = async ({ belt, say }) => {
  const took: number[] = [];
  let left = 0;
  let inactive = 0;
  for (let time = 0; time < repeats; time += 1) {
    await readyIs(true);
    const killedNs = await killAtTheGate(belt.send.bind(belt));
    const tookS = await activeAgainAfter(gatekeeper, killedNs);
    took.push(tookS);
    // Both were active when it was killed, and until another is there only ExecStopPost can have changed that.
    const fell = (pin: 'gate' | 'ready', toNs?: number) =>
      belt.changes(pin, killedNs, toNs).some(({ active }) => !active);
    const backNs = killedNs + tookS * 1e9;
    if (!fell('gate', backNs) || !fell('ready', backNs)) left += 1;
    if (fell('gate') && fell('ready') && show(gatekeeper, 'ExecStopPost').includes('status=0')) inactive += 1;
    await readyIs(true);
  }
  say(`gatekeeper killed: active again after ${took.map((s) => s.toFixed(2)).join(', ')} s`);
  return [
    atMost('gatekeeper killed: active again, quickest of times, s', quickest(took), 1),
    equals('gatekeeper killed: outputs left active until another was there', left, 0),
    equals('gatekeeper killed: outputs set inactive, of times', inactive, repeats),
  ];
};

/** Sends parts until the gate is active, and kills then. Returns when. */
async function killAtTheGate(send: (parts: number) => Promise<void>): Promise<number> {
  const keeper = mainPid(gatekeeper);
  for (let part = 0; part < 12; part += 1) {
    await send(1);
    if (!(await until(() => levelOf('gate'), 700))) continue;
    const killedNs = nowNs();
    process.kill(keeper, 'SIGKILL');
    return killedNs;
  }
  throw new Error('The gate was not active for any of twelve parts.');
}

/** The gatekeeper stands still. */
export const gatekeeperHangs: Trial = async ({ belt, say }) => {
  const took: number[] = [];
  let inactive = 0;
  for (let time = 0; time < repeats; time += 1) {
    await readyIs(true);
    const pid = mainPid(gatekeeper);
    const stoppedNs = nowNs();
    process.kill(pid, 'SIGSTOP');
    took.push(await activeAgainAfter(gatekeeper, stoppedNs));
    if (belt.changes('ready', stoppedNs).some(({ active }) => !active) && !levelOf('gate')) inactive += 1;
  }
  say(`gatekeeper stopped: active again after ${took.map((s) => s.toFixed(2)).join(', ')} s`);
  return [
    atMost('gatekeeper hangs: active again, quickest of times, s', quickest(took), watchdogs[gatekeeper] + restartS),
    equals('gatekeeper hangs: outputs set inactive, of times', inactive, repeats),
  ];
};
