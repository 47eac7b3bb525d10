import { uplinkContract } from '../../../test/contracts/uplink.ts';
import type { UplinkChannel } from '../../ports/uplink.ts';
import { VirtualClock } from '../clock/virtual.ts';
import { goodNetwork, MemoryNetwork } from './memory.ts';

uplinkContract('memory', async () => {
  const clock = new VirtualClock();
  const arrived: { channel: UplinkChannel; payload: Uint8Array }[] = [];
  const network = new MemoryNetwork({
    clock,
    random: () => 0.5,
    faults: goodNetwork,
    receive: (channel, payload) => arrived.push({ channel, payload }),
  });
  return {
    uplink: network.uplink(),
    arrived,
    ack: async (payload) => network.ack(payload),
    cut: async () => network.cut(),
    run: (done) => clock.run(done),
  };
});
