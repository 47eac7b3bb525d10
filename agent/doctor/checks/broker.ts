import { fail, needsStation, notRun, type Outcome, ok, warn } from '../finding.ts';
import type { Check } from '../look.ts';
import type { BrokerLook, BrokerStep } from '../probes.ts';

const advice: Readonly<Record<BrokerStep, string>> = {
  files: 'Correct uplink in the station file, and give the user of the station the right to read these files.',
  name: 'Check the name in uplink.url and the DNS server of this network.',
  tcp: 'Check that the broker runs and that no firewall closes its port.',
  tls: 'Check uplink.caFile and the clock of this computer; use mqtt:// only where the broker has no TLS.',
  login: 'Check user, password or certificate with the keeper of the broker.',
  publish: 'Have the broker allow this user to write edge/v1/STATION/up/#.',
};

const stepNames: Readonly<Record<BrokerStep, string>> = {
  files: 'the files of the uplink cannot be used',
  name: 'its name does not resolve',
  tcp: 'it takes no connection',
  tls: 'it does not agree on TLS',
  login: 'it does not let the station in',
  publish: 'it does not let the station publish',
};

/** Slower than this, and something is in the way. */
const slowMs = 2000;

/** The way to the broker, step by step. */
export const broker: Check = {
  id: 'broker',
  group: 'network',
  about: 'the broker',
  run: async ({ probes, wants }) => {
    if (wants === null) return needsStation('The broker');
    const { uplink, station } = wants.config;
    if (uplink.kind === 'none') return notRun('The station has no uplink, so there is no broker to reach.');
    return judge(await probes.broker(uplink, station), uplink.url);
  },
};

function judge(look: BrokerLook, url: string): Outcome {
  const { failed, publish, topic, ms } = look;
  const totalMs = Math.round(Object.values(ms).reduce((sum, each) => sum + each, 0));
  const times = Object.fromEntries(Object.entries(ms).map(([step, each]) => [`${step}Ms`, Math.round(each)]));
  const figures = { url, topic, publish, totalMs, ...times };
  if (failed !== null)
    return fail(
      `The broker ${url} cannot be used: ${stepNames[failed.step]} (${failed.detail}).`,
      advice[failed.step],
      figures,
    );
  const reached = `The broker ${url} lets the station in after ${totalMs} ms`;
  if (publish === 'refused') return fail(`${reached}, but refuses the topic ${topic}.`, advice.publish, figures);
  if (publish === 'unknown') return ok(`${reached}; whether it may publish cannot be told with MQTT 3.1.1.`, figures);
  if (totalMs > slowMs)
    return warn(`${reached}, which is slow.`, 'Look for a slow DNS server or a busy network.', figures);
  return ok(`${reached} and may publish on ${topic}.`, figures);
}
