import { atMost, type Check, notRun } from '../../faults/check.ts';
import { lastOf } from '../package/program.ts';
import type { BareRoot } from './bare-root.ts';

/** MB: what a station may take of the 512 MB of the smallest board. */
const limitMb = 250;

// The station of the examples, left alone until its model process has been there for ten seconds.
const script = `
mkdir -p desk/in && cd desk && cp /usr/share/doc/linegate/examples/* . 2>/dev/null
linegate run --config folder-station.yaml >log 2>&1 & station=$!
nodes() { for p in /proc/[0-9]*; do case "$(readlink $p/exe)" in */bin/node) echo $p;; esac; done; }
i=0; while [ $i -lt 120 ] && [ $(nodes | wc -l) -lt 2 ]; do sleep 1; i=$((i + 1)); done
sleep 10
for p in $(nodes); do cat $p/smaps_rollup; done | grep ^Pss: | tr -s " " | cut -d" " -f2
kill $station; wait $station; tail -n 3 log >&2`;

/** Memory of an idle station: the agent and its model process, each with its share of what they have in common. */
export async function idleMemory(root: BareRoot): Promise<Check> {
  const ran = await root.asStation(script.replaceAll("'", '"'), 300_000);
  const sizes = ran.stdout.trim().split('\n').map(Number);
  const id = 'MB of memory, idle station (agent and model process)';
  if (sizes.length < 2 || sizes.some(Number.isNaN)) return notRun(id, lastOf(ran));
  return atMost(id, Math.round(sizes.reduce((a, b) => a + b, 0) / 1000), limitMb);
}
