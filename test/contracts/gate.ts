import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Gate } from '../../agent/ports/gate.ts';

/** A gate that is not started yet. */
export interface GateUnderTest {
  readonly gate: Gate;
  /** What the actuator does now. */
  state(): 'active' | 'inactive';
}

/** What every gate keeps. */
export function gateContract(name: string, make: () => GateUnderTest): void {
  describe(`gate: ${name}`, () => {
    test('is de-energised at its start and does as it is told', async () => {
      const { gate, state } = make();
      await gate.start();
      assert.equal(state(), 'inactive');
      for (const wanted of ['active', 'active', 'inactive', 'inactive', 'active'] as const) {
        gate.set(wanted);
        assert.equal(state(), wanted);
      }
    });

    test('stopping leaves it de-energised, may be done twice, and later orders move nothing', async () => {
      const { gate, state } = make();
      await gate.start();
      gate.set('active');
      await gate.stop();
      assert.equal(state(), 'inactive');
      await gate.stop();
      gate.set('active');
      assert.equal(state(), 'inactive');
    });

    test('moves nothing before it is started, and starts de-energised again', async () => {
      const { gate, state } = make();
      gate.set('active');
      assert.equal(state(), 'inactive');
      await gate.start();
      gate.set('active');
      await gate.stop();
      await gate.start();
      assert.equal(state(), 'inactive');
      gate.set('active');
      assert.equal(state(), 'active');
      await gate.stop();
    });
  });
}
