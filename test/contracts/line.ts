import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { VirtualClock } from '../../agent/adapters/clock/virtual.ts';
import { MemoryJournal } from '../../agent/adapters/journal/memory.ts';
import type { Journal } from '../../agent/ports/journal.ts';
import type { Line, LineEvent } from '../../agent/ports/line.ts';

/** A line on which parts come by themselves, about ten a second, 400 ms before a gate. */
export interface LineRig {
  /** Not started. */
  readonly line: Line;
  /** Lets time pass. */
  run(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** What a line that runs in a process of its own can do besides. */
export interface OutlivingRig extends LineRig {
  /** The agent is dead at once: what its line still does comes to nothing. */
  die(): Promise<void>;
  /** The line of the next agent, not started. */
  next(): Line;
  /** The line's process is killed and started again. */
  restart(): Promise<void>;
  /** The agent does nothing for so long, while parts come. */
  stall(ms: number): Promise<void>;
}

/**
 * `in-process`: nothing acts when the agent is dead, a trigger is as old as the event loop was busy; a journal tells the
 * next agent which parts were open, and not what became of them. `outlives`: a process of its own sorts on, with the
 * kernel's times, and tells the next agent all of it.
 */
export type LineSuite =
  | { readonly kind: 'in-process'; readonly make: (journal: Journal) => LineRig }
  | { readonly kind: 'outlives'; readonly make: () => Promise<OutlivingRig> };

/** The suite of a line in the agent's process, in virtual time. */
export function inProcess(make: (parts: { clock: VirtualClock; journal: Journal }) => Line): LineSuite {
  return {
    kind: 'in-process',
    make: (journal) => {
      const clock = new VirtualClock();
      return {
        line: make({ clock, journal }),
        run: (ms) => {
          const untilNs = clock.nowNs() + ms * 1e6;
          return clock.run(() => clock.nowNs() >= untilNs);
        },
        close: async () => {},
      };
    },
  };
}

type Of<K extends LineEvent['kind']> = Extract<LineEvent, { kind: K }>;

class Heard {
  readonly events: LineEvent[] = [];
  onEvent: (event: LineEvent) => void = () => {};

  async start(line: Line, firstPart = 1): Promise<void> {
    await line.start(firstPart, (event) => {
      this.events.push(event);
      this.onEvent(event);
    });
  }

  of<K extends LineEvent['kind']>(kind: K): Of<K>[] {
    return this.events.filter((event): event is Of<K> => event.kind === kind);
  }
}

/** What every line must do, whatever technology it is; one that counts its belt, by time. More of such is in line-belt.ts. */
export function lineContract(name: string, suite: LineSuite): void {
  const check = (what: string, body: (rig: Omit<LineRig, 'close'>, heard: Heard) => Promise<void>): void => {
    test(`${name}: ${what}`, async (t) => {
      const rig = suite.kind === 'outlives' ? await suite.make() : suite.make(new MemoryJournal('boot'));
      const run = (ms: number): Promise<void> => rig.run(ms);
      await closing(t, rig, () => body({ line: rig.line, run }, new Heard()));
    });
  };

  check('numbers its parts one by one from where the ledger says', async ({ line, run }, heard) => {
    await heard.start(line, 41);
    await run(3000);
    const parts = heard.of('trigger').map(({ part }) => part);
    assert.ok(parts.length > 10);
    assert.deepEqual(
      parts,
      parts.map((_, index) => 41 + index),
    );
    await line.stop();
  });

  check('resolves by the fail-safe and closes, once, what nobody decides', async ({ line, run }, heard) => {
    await heard.start(line);
    await run(3000);
    const open = heard.of('trigger').length - heard.of('closed').length;
    assert.ok(open >= 0 && open < 10, `${open} parts open`);
    const closed = heard.of('closed').map(({ part }) => part);
    assert.equal(new Set(closed).size, closed.length);
    assert.ok(closed.length > 10);
    for (const { action, cause } of heard.of('resolved')) assert.deepEqual([action, cause], ['eject', 'fail-safe']);
    assert.ok(heard.of('gate').length >= 10, 'the gate moved');
    for (const event of heard.events)
      assert.equal('beltCounts' in event, false, 'a place on a belt that nobody counts');
    assert.deepEqual(heard.of('fault'), []);
    await line.stop();
  });

  check('lets a part pass that has its verdict in time', async ({ line, run }, heard) => {
    heard.onEvent = (event) => {
      if (event.kind === 'trigger') line.resolve(event.part, 'pass');
    };
    await heard.start(line);
    await run(3000);
    assert.ok(heard.of('resolved').length > 10);
    for (const { action, cause } of heard.of('resolved')) assert.deepEqual([action, cause], ['pass', 'verdict']);
    assert.equal(heard.of('gate').length, 0);
    await line.stop();
  });

  check('ejects what is rejected or under review', async ({ line, run }, heard) => {
    heard.onEvent = (event) => {
      if (event.kind === 'trigger') line.resolve(event.part, event.part % 2 === 0 ? 'reject' : 'review');
    };
    await heard.start(line);
    await run(3000);
    assert.ok(heard.of('resolved').length > 10);
    for (const { action, cause } of heard.of('resolved')) assert.deepEqual([action, cause], ['eject', 'verdict']);
    await line.stop();
  });

  check('a verdict after the deadline is told back and moves nothing', async ({ line, run }, heard) => {
    heard.onEvent = (event) => {
      if (event.kind === 'resolved') line.resolve(event.part, 'pass');
    };
    await heard.start(line);
    await run(3000);
    assert.ok(heard.of('verdict-late').length >= heard.of('resolved').length - 1);
    for (const { action, cause } of heard.of('resolved')) assert.deepEqual([action, cause], ['eject', 'fail-safe']);
    await line.stop();
  });

  check('a verdict for a part that nobody knows moves nothing', async ({ line, run }, heard) => {
    await heard.start(line);
    line.resolve(1_000_000, 'pass');
    await run(1000);
    assert.ok(heard.of('trigger').length > 5);
    assert.ok(heard.of('verdict-unknown').length <= 1);
    await line.stop();
  });

  check(
    'resumed by somebody at the line, parts go on as they were; a line that does not run is not resumed',
    async (rig, heard) => {
      const { line, run } = rig;
      assert.equal(line.resume(false), false);
      await heard.start(line);
      await run(1500);
      assert.equal(line.resume(false), true);
      assert.equal(line.resume(true), true);
      await run(1500);
      const parts = heard.of('trigger').map(({ part }) => part);
      assert.ok(parts.length > 20);
      assert.deepEqual(
        parts,
        parts.map((_, index) => 1 + index),
      );
      for (const { action, cause } of heard.of('closed')) assert.deepEqual([action, cause], ['eject', 'fail-safe']);
      assert.deepEqual(heard.of('fault'), []);
      await line.stop();
      assert.equal(line.resume(true), false);
    },
  );

  if (suite.kind === 'in-process') inProcessContract(name, suite.make);
  else outlivingContract(name, suite.make);
}

function inProcessContract(name: string, make: (journal: Journal) => LineRig): void {
  test(`${name}: stopped, it closes what is open as aborted, and stops again without harm`, async () => {
    const { line, run } = make(new MemoryJournal('boot'));
    const heard = new Heard();
    await heard.start(line);
    await run(1500);
    const open = heard.of('trigger').length - heard.of('closed').length;
    assert.ok(open > 0);
    await line.stop();
    await line.stop();
    assert.equal(heard.of('closed').filter(({ action }) => action === 'aborted').length, open);
    assert.equal(heard.of('closed').length, heard.of('trigger').length);
    const gates = heard.of('gate');
    if (gates.length > 0) assert.equal(gates.at(-1)?.state, 'inactive');
  });

  test(`${name}: brings back the parts that were open when the process before it died, and goes on after them`, async () => {
    const journal = new MemoryJournal('boot');
    journal.open();
    journal.triggered(7, 100);
    journal.triggered(8, 200);
    journal.acknowledged(7);
    const { line, run } = make(journal);
    const heard = new Heard();
    await heard.start(line, 7);
    await run(1500);
    assert.deepEqual(heard.of('interrupted'), [{ kind: 'interrupted', part: 8, atNs: 200 }]);
    assert.equal(heard.of('trigger')[0]?.part, 9);
    await line.stop();
  });
}

function outlivingContract(name: string, make: () => Promise<OutlivingRig>): void {
  const check = (what: string, body: (rig: OutlivingRig, heard: Heard) => Promise<void>): void => {
    test(`${name}: ${what}`, async (t) => {
      const rig = await make();
      await closing(t, rig, () => body(rig, new Heard()));
    });
  };

  check('the next agent hears how every part closed that nobody acknowledged, and of each once', async (rig, heard) => {
    await heard.start(rig.line);
    for (const action of [() => rig.run(1500), () => rig.die(), () => rig.run(1000)]) await action();
    const before = heard.of('trigger').map(({ part }) => part);
    const second = new Heard();
    const line = rig.next();
    await second.start(line, before.length + 1);
    await rig.run(1500);
    const told = [...second.of('interrupted'), ...second.of('trigger')].map(({ part }) => part).sort((a, b) => a - b);
    assert.deepEqual(
      told,
      told.map((_, index) => index + 1),
    );
    const after = second.of('interrupted');
    assert.ok(after.length >= before.length + 5, 'parts came while no agent was there');
    for (const { closed } of after) {
      assert.deepEqual([closed?.action, closed?.cause, closed?.verdict], ['eject', 'fail-safe', 'none']);
    }
    await line.stop();
  });

  check('what was acknowledged is not told again, and a verdict that was taken is', async (rig, heard) => {
    const acknowledged = new Set<number>();
    heard.onEvent = (event) => {
      if (event.kind === 'trigger') rig.line.resolve(event.part, 'pass');
      if (event.kind !== 'closed' || event.part % 2 === 0) return;
      acknowledged.add(event.part);
      rig.line.acknowledge(event.part);
    };
    await heard.start(rig.line);
    for (const action of [() => rig.run(1500), () => rig.die(), () => rig.run(1000)]) await action();
    const second = new Heard();
    const line = rig.next();
    await second.start(line, 1);
    await rig.run(200);
    const told = second.of('interrupted');
    for (const { part } of told) assert.ok(!acknowledged.has(part), `part ${part} was acknowledged`);
    for (const { closed } of told) {
      assert.equal(closed?.action, closed?.verdict === 'pass' ? 'pass' : 'eject');
    }
    assert.ok(told.some(({ closed }) => closed?.verdict === 'pass'));
    await line.stop();
  });

  check('stopped, it leaves what is open to the next agent, and stops again without harm', async (rig, heard) => {
    await heard.start(rig.line);
    await rig.run(1500);
    await rig.line.stop();
    await rig.line.stop();
    const open = heard.of('trigger').length - heard.of('closed').length;
    assert.ok(open > 0);
    await rig.run(1000);
    const second = new Heard();
    const line = rig.next();
    await second.start(line, 1);
    await rig.run(200);
    assert.ok(second.of('interrupted').length >= heard.of('trigger').length);
    await line.stop();
  });

  check(
    'killed and started again under the agent, it says so, and every part is told and ends once',
    async (rig, heard) => {
      heard.onEvent = (event) => {
        if (event.kind === 'trigger' && event.part % 2 === 0) rig.line.resolve(event.part, 'pass');
        if (event.kind === 'closed' && event.part % 3 === 0) rig.line.acknowledge(event.part);
      };
      await heard.start(rig.line);
      for (const action of [() => rig.run(1500), () => rig.restart(), () => rig.run(3000)]) await action();
      const begun = new Set([...heard.of('trigger'), ...heard.of('interrupted')].map(({ part }) => part));
      assert.deepEqual(
        [...begun].sort((a, b) => a - b),
        [...begun].map((_, index) => index + 1),
      );
      const ended = [...heard.of('closed'), ...heard.of('interrupted')].map(({ part }) => part).sort((a, b) => a - b);
      assert.deepEqual(
        ended,
        ended.map((_, index) => index + 1),
      );
      assert.ok(ended.length > 10, `${ended.length} parts`);
      assert.ok(heard.of('interrupted').length > 0, 'parts were open when it was killed');
      assert.equal(heard.of('fault').length, 1);
      assert.ok(heard.of('ready').some(({ on, why }) => !on && why.includes('gatekeeper-gone')));
      await rig.line.stop();
    },
  );

  check('a trigger has the time of its edge, also when the agent was busy', async (rig, heard) => {
    await heard.start(rig.line);
    await rig.run(1000);
    await rig.stall(800);
    await rig.run(500);
    const times = heard.of('trigger').map(({ atNs }) => atNs);
    const gapsMs = times.slice(1).map((atNs, index) => (atNs - (times[index] ?? 0)) / 1e6);
    assert.ok(times.length > 15, `${times.length} triggers`);
    assert.ok(Math.max(...gapsMs) < 250, `a gap of ${Math.max(...gapsMs)} ms`);
    assert.ok(Math.min(...gapsMs) > 25, `a gap of ${Math.min(...gapsMs)} ms`);
    await rig.line.stop();
  });
}

/** Closes the rig whatever becomes of the test. */
async function closing(t: TestContext, rig: LineRig, body: () => Promise<void>): Promise<void> {
  t.after(() => rig.close());
  await body();
}
