import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '../../agent/adapters/clock/virtual.ts';
import { MemoryJournal } from '../../agent/adapters/journal/memory.ts';
import type { Journal } from '../../agent/ports/journal.ts';
import type { Line, LineEvent } from '../../agent/ports/line.ts';

/** Makes a line, not started, on which parts come by themselves, about ten a second, 400 ms before a gate. */
export type MakeLine = (parts: { clock: VirtualClock; journal: Journal }) => Line;

type Of<K extends LineEvent['kind']> = Extract<LineEvent, { kind: K }>;

class Rig {
  readonly clock = new VirtualClock();
  readonly events: LineEvent[] = [];
  readonly line: Line;
  onEvent: (event: LineEvent) => void = () => {};

  constructor(make: MakeLine, journal: Journal = new MemoryJournal('boot')) {
    this.line = make({ clock: this.clock, journal });
  }

  async run(ms: number, firstPart = 1): Promise<void> {
    await this.line.start(firstPart, (event) => {
      this.events.push(event);
      this.onEvent(event);
    });
    await this.clock.run(() => this.clock.nowNs() >= ms * 1e6);
  }

  of<K extends LineEvent['kind']>(kind: K): Of<K>[] {
    return this.events.filter((event): event is Of<K> => event.kind === kind);
  }
}

/** What every line must do, whatever technology it is. */
export function lineContract(name: string, make: MakeLine): void {
  test(`${name}: numbers its parts one by one from where the ledger says`, async () => {
    const rig = new Rig(make);
    await rig.run(3000, 41);
    const parts = rig.of('trigger').map(({ part }) => part);
    assert.ok(parts.length > 10);
    assert.deepEqual(
      parts,
      parts.map((_, index) => 41 + index),
    );
    await rig.line.stop();
  });

  test(`${name}: resolves by the fail-safe and closes, once, what nobody decides`, async () => {
    const rig = new Rig(make);
    await rig.run(3000);
    await rig.line.stop();
    const triggered = rig.of('trigger').map(({ part }) => part);
    assert.deepEqual(
      rig
        .of('closed')
        .map(({ part }) => part)
        .sort((a, b) => a - b),
      triggered,
    );
    for (const { action, cause } of rig.of('resolved')) assert.deepEqual([action, cause], ['eject', 'fail-safe']);
    assert.ok(rig.of('gate').length >= 10, 'the gate moved');
  });

  test(`${name}: lets a part pass that has its verdict in time`, async () => {
    const rig = new Rig(make);
    rig.onEvent = (event) => {
      if (event.kind === 'trigger') rig.line.resolve(event.part, 'pass');
    };
    await rig.run(3000);
    await rig.line.stop();
    assert.ok(rig.of('resolved').length > 10);
    for (const { action, cause } of rig.of('resolved')) assert.deepEqual([action, cause], ['pass', 'verdict']);
    assert.equal(rig.of('gate').length, 0);
  });

  test(`${name}: ejects what is rejected or under review`, async () => {
    const rig = new Rig(make);
    rig.onEvent = (event) => {
      if (event.kind === 'trigger') rig.line.resolve(event.part, event.part % 2 === 0 ? 'reject' : 'review');
    };
    await rig.run(3000);
    await rig.line.stop();
    for (const { action, cause } of rig.of('resolved')) assert.deepEqual([action, cause], ['eject', 'verdict']);
  });

  test(`${name}: a verdict after the deadline is told back and moves nothing`, async () => {
    const rig = new Rig(make);
    rig.onEvent = (event) => {
      if (event.kind === 'resolved') rig.line.resolve(event.part, 'pass');
    };
    await rig.run(3000);
    await rig.line.stop();
    assert.ok(rig.of('verdict-late').length >= rig.of('resolved').length - 1);
    for (const { action, cause } of rig.of('resolved')) assert.deepEqual([action, cause], ['eject', 'fail-safe']);
  });

  test(`${name}: stopped, it closes what is open as aborted, and stops again without harm`, async () => {
    const rig = new Rig(make);
    await rig.run(1500);
    const open = rig.of('trigger').length - rig.of('closed').length;
    assert.ok(open > 0);
    await rig.line.stop();
    await rig.line.stop();
    assert.equal(rig.of('closed').filter(({ action }) => action === 'aborted').length, open);
    const gates = rig.of('gate');
    if (gates.length > 0) assert.equal(gates.at(-1)?.state, 'inactive');
  });

  test(`${name}: brings back the parts that were open when the process before it died, and goes on after them`, async () => {
    const journal = new MemoryJournal('boot');
    journal.open();
    journal.triggered(7, 100);
    journal.triggered(8, 200);
    journal.acknowledged(7);
    const rig = new Rig(make, journal);
    await rig.run(1500, 7);
    assert.deepEqual(rig.of('interrupted'), [{ kind: 'interrupted', part: 8, atNs: 200 }]);
    assert.equal(rig.of('trigger')[0]?.part, 9);
    await rig.line.stop();
  });
}
