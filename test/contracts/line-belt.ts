import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Line, LineEvent } from '../../agent/ports/line.ts';
import { eventually } from '../support/eventually.ts';

/** What the line must be calibrated to, in counts. No part closes before it is past the window. */
export const beltCalibration = { delay: 100, width: 20, recovery: 10, lead: 10, triggerDead: 10 } as const;

/** A line that counts its belt, and the belt in the test's hands. It stands at 0. */
export interface BeltRig {
  /** Not started. */
  readonly line: Line;
  /** The belt goes so many counts, back where they are negative. */
  move(counts: number): Promise<void>;
  partAtEye(): Promise<void>;
  partAtGate(): Promise<void>;
  /** The line's process is killed and started again. */
  restart(): Promise<void>;
  /** Lets what was told arrive; nothing moves meanwhile. */
  pause(): Promise<void>;
  close(): Promise<void>;
}

type Of<K extends LineEvent['kind']> = Extract<LineEvent, { kind: K }>;

class Heard {
  readonly events: LineEvent[] = [];
  readonly #rig: BeltRig;

  constructor(rig: BeltRig) {
    this.#rig = rig;
  }

  of<K extends LineEvent['kind']>(kind: K): Of<K>[] {
    return this.events.filter((event): event is Of<K> => event.kind === kind);
  }

  async until<K extends LineEvent['kind']>(kind: K, times: number): Promise<Of<K>[]> {
    return eventually(async () => {
      await this.#rig.pause();
      const all = this.of(kind);
      return all.length >= times ? all : undefined;
    }, `${times} times ${kind}`);
  }
}

/** What a line must do that says where the belt was. */
export function beltContract(name: string, make: () => Promise<BeltRig>): void {
  const check = (what: string, body: (rig: BeltRig, heard: Heard) => Promise<void>): void => {
    test(`${name}: ${what}`, async (t) => {
      const rig = await make();
      t.after(() => rig.close());
      const heard = new Heard(rig);
      await rig.line.start(1, (event) => heard.events.push(event));
      await heard.until('ready', 1);
      await body(rig, heard);
      await rig.line.stop();
    });
  };

  check(
    'what happens has the place of the belt, however long it stood; the furthest, which does not go back',
    async (rig, heard) => {
      await rig.move(10);
      await rig.partAtEye();
      await heard.until('trigger', 1);
      await rig.move(105);
      await rig.partAtGate();
      await heard.until('at-gate', 1);
      await rig.move(-30);
      await rig.move(60);
      const [closed] = await heard.until('closed', 1);
      const [trigger] = heard.of('trigger');
      assert.deepEqual([trigger?.part, trigger?.beltCounts, heard.of('at-gate')[0]?.beltCounts], [1, 10, 115]);
      assert.ok((closed?.beltCounts ?? 0) >= 130, `closed at ${closed?.beltCounts}`);
      let furthest = 0;
      for (const event of heard.events) {
        if (event.kind === 'encoder') continue;
        assert.ok(event.beltCounts !== undefined && event.beltCounts >= furthest, JSON.stringify(event));
        furthest = event.beltCounts;
      }
    },
  );

  check(
    'a part at the gate on a stretch that has passed before is told apart, as at the photo-eye',
    async (rig, heard) => {
      await rig.move(10);
      await rig.partAtEye();
      await rig.move(105);
      await rig.partAtGate();
      await rig.move(-105);
      await rig.partAtEye();
      await rig.move(85);
      await rig.partAtGate();
      const [again] = await heard.until('at-gate-again', 1);
      assert.deepEqual([again?.beltCounts, again?.backCounts], [115, 20]);
      assert.deepEqual([heard.of('trigger').length, heard.of('at-gate').length], [1, 1]);
      assert.equal(heard.of('trigger-ignored')[0]?.reason, 'counted');
      await rig.move(50);
      await rig.partAtEye();
      await rig.partAtGate();
      await heard.until('at-gate', 2);
      assert.deepEqual([heard.of('trigger')[1]?.beltCounts, heard.of('at-gate')[1]?.beltCounts], [145, 145]);
    },
  );

  check(
    'a line that was started again begins anew, and while it is gone nobody knows the place',
    async (rig, heard) => {
      await rig.move(40);
      await rig.partAtEye();
      await heard.until('trigger', 1);
      await rig.restart();
      const gone = await eventually(async () => {
        await rig.pause();
        return heard.of('ready').find(({ why }) => why.includes('gatekeeper-gone'));
      }, 'the line is gone');
      assert.equal('beltCounts' in gone, false);
      const back = await eventually(async () => {
        await rig.pause();
        return heard.of('ready').find((event) => heard.of('ready').indexOf(event) > heard.of('ready').indexOf(gone));
      }, 'the line is back');
      assert.equal(back.beltCounts, 0);
      for (const event of heard.of('interrupted')) assert.equal('beltCounts' in event, false);
    },
  );
}
