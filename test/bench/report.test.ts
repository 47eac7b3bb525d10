import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, exitCodeOf, notRun, tableText } from './report.ts';
import { median, quantile } from './stats.ts';

const most = check({ id: 'a', what: 'ms', value: 1.3, limit: 1.3 });
const tooMuch = check({ id: 'b', what: 'ms', value: 1.31, limit: 1.3 });
const absent = notRun('c', 'ms', 'There is no broker.');

test('report: a value at its limit is ok, one beyond it is not, whichever way it is bound', () => {
  assert.deepEqual([most.ok, tooMuch.ok], [true, false]);
  const least = (value: number): boolean => check({ id: 'd', what: '', value, limit: 0.6, bound: 'least' }).ok;
  assert.deepEqual([least(0.6), least(0.59)], [true, false]);
  assert.ok(check({ id: 'e', what: '', value: 5 }).ok);
  assert.equal(check({ id: 'f', what: '', value: Number.NaN }).ok, false);
});

test('report: a check that is not ok weighs more than one that did not run', () => {
  assert.equal(exitCodeOf([most]), 0);
  assert.equal(exitCodeOf([most, absent]), 3);
  assert.equal(exitCodeOf([absent, tooMuch]), 1);
});

test('report: the table says what failed and why something did not run', () => {
  const [first, second, third] = tableText([most, tooMuch, absent]).split('\n');
  assert.match(first ?? '', /^ok +a +1\.3 +<= 1\.3 +ms$/);
  assert.match(second ?? '', /^FAILED +b/);
  assert.match(third ?? '', /^NOT RUN +c.*There is no broker\.$/);
});

test('stats: quantiles are values that were measured, and none of nothing', () => {
  const values = Array.from({ length: 100 }, (_, at) => 100 - at);
  assert.deepEqual([median(values), quantile(values, 0.99), quantile(values, 1)], [50, 99, 100]);
  assert.ok(Number.isNaN(median([])));
});
