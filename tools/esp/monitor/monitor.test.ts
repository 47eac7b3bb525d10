import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lineAt, wire } from '../testing/wire.ts';
import { type BootReport, nothingSeen, reportText, withLine } from './boot-report.ts';
import { monitor } from './monitor.ts';

const boot =
  'linegate {"event":"boot","firmware":"0.1.0","board":"esp32-cam","reset":"brown-out","model":"bean@3","sha256":"0123456789abcdef"}';
const test =
  'linegate {"event":"self-test","ok":true,"vectors":4,"passed":4,"arenaUsedBytes":81920,"inferenceUs":54321}';
const ready = 'linegate {"event":"ready","on":true,"why":"all is well"}';
const seen = (...lines: string[]): BootReport => lines.reduce(withLine, nothingSeen);

describe('the report of a start', () => {
  it('is read from among other lines', () => {
    const report = seen(
      'ets Jul 29 2019',
      `\u001b[0;32mI (300) main: ${boot}`,
      test,
      'linegate {"event":"tea"}',
      'linegate {',
      ready,
    );
    assert.deepEqual(reportText(report), [
      'esp32-cam, firmware 0.1.0, started after brown-out; model bean@3 (0123456789ab)',
      'Self-test passed: 4 of 4 golden vectors; arena 81920 bytes, an inference 54.3 ms',
      'READY is on (all is well)',
    ]);
  });

  it('says what was not seen', () => {
    assert.deepEqual(reportText(nothingSeen), ['No start was seen.', 'No self-test was seen.']);
  });

  it('keeps faults and crashes, and counts starts', () => {
    const crash = "Guru Meditation Error: Core  0 panic'ed (LoadProhibited). Exception was unhandled.";
    const report = seen(boot, test, crash, boot, 'linegate {"event":"fault","what":"camera","status":"unavailable"}');
    assert.equal(report.starts, 2);
    assert.equal(report.selfTest, undefined);
    assert.deepEqual(reportText(report).slice(2), [
      'Fault: camera: unavailable',
      `Crash: ${crash}`,
      'The board started 2 times.',
    ]);
  });

  it('says that a self-test failed', () => {
    const failed = test.replace('"ok":true', '"ok":false').replace('"passed":4', '"passed":3');
    assert.match(reportText(seen(failed))[1] ?? '', /Self-test FAILED: 3 of 4/);
  });
});

describe('the monitor', () => {
  const watch = (durationMs: number, untilStarted: boolean, texts: readonly string[]) => {
    const [here, there] = wire();
    const shown: string[] = [];
    const done = monitor({ line: lineAt(here), durationMs, untilStarted, show: (text) => shown.push(text) });
    for (const text of texts) there.write(text);
    return { done, shown };
  };

  it('ends when a start was seen whole', async () => {
    const { done, shown } = watch(60_000, true, [boot.slice(0, 20), `${boot.slice(20)}\r\n${test}\r\n`, `${ready}\n`]);
    assert.equal((await done).ready?.on, true);
    assert.equal(shown.length, 3);
  });

  it('ends after its time where nothing comes', async () => {
    assert.deepEqual(await watch(30, true, []).done, nothingSeen);
  });

  it('passes on no orders to the terminal', async () => {
    const { done, shown } = watch(30, false, ['\u001b[0;31mE (1) x\u001b[0m \u001b]0;title\u0007 \u0008\n']);
    await done;
    assert.match(shown.join('|'), /^E \(1\) x \P{C}*$/u);
  });
});
