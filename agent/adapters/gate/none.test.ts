import { gateContract } from '../../../test/contracts/gate.ts';
import { NoGate } from './none.ts';

gateContract('none', () => {
  const gate = new NoGate();
  return { gate, state: () => gate.state };
});
