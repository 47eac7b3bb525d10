import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { boards, outputRoles } from '../../agent/init/boards.ts';
import { isPulledUp } from '../../agent/init/check/pins.ts';
import { drawings } from '../../tools/build/wiring/drawings.ts';
import { checkout } from '../support/cli.ts';
import { linksOf, rowsOf } from '../support/guide.ts';

const read = (file: string): string => readFileSync(path.join(checkout, file), 'utf8');

test('wiring: the diagrams are those that the code draws, and the guide shows each of them', () => {
  const drawn = drawings();
  const there = readdirSync(path.join(checkout, 'docs/images')).filter((name) => name.startsWith('wiring-'));
  assert.deepEqual(there.sort(), Object.keys(drawn).sort());
  for (const [name, svg] of Object.entries(drawn)) {
    assert.equal(read(`docs/images/${name}`), svg, `run node tools/build/wiring-svg.ts: ${name} is an old one`);
  }
  const shown = linksOf(read('docs/wiring.md')).filter((link) => link.startsWith('images/'));
  assert.deepEqual(shown.map((link) => path.basename(link)).sort(), there);
});

test('wiring: each diagram is XML, shows something, has text as text and both kinds of light', async () => {
  for (const [name, svg] of Object.entries(drawings())) {
    assert.match(svg, /<title>[^<]{10,}<\/title>/, name);
    assert.match(svg, /prefers-color-scheme:dark/, name);
    assert.doesNotMatch(svg, /<path|<image|<foreignObject|<script|NaN|undefined/, name);
    assert.ok((svg.match(/<text /g) ?? []).length >= 10, name);
    // librsvg reads it with libxml2, which refuses what is not well-formed.
    const { channels } = await sharp(Buffer.from(svg)).stats();
    assert.ok(
      channels.some(({ stdev }) => stdev > 5),
      `${name} is blank`,
    );
  }
  await assert.rejects(sharp(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><g></svg>')).stats());
});

test('pins: the boards and their chips are those of linegate init', () => {
  const rows = rowsOf(read('docs/pins.md'), '`--board`').map((row) => row.map((cell) => cell.replaceAll('`', '')));
  const written = rows.map(([name = '', , chip = '']) => [name, chip]);
  assert.deepEqual(
    written,
    Object.entries(boards).map(([name, { chip }]) => [name, chip]),
  );
});

test('pins: pins, lines and what they are proposed for are those of linegate init', () => {
  for (const [name, { header, proposal, chip }] of Object.entries(boards)) {
    const uses = new Map(Object.entries(proposal).map(([role, line]) => [line, role]));
    const wanted = Object.entries(header).map(([line, pin]) => [String(pin), line, uses.get(line) ?? '']);
    const written = pinRows(chip).map((row) => row.slice(0, 3));
    assert.deepEqual(written.sort(), wanted.sort(), name);
  }
});

test('pins: the direction follows from the use, and what is pulled up at power-on is what init refuses', () => {
  for (const { chip } of Object.values(boards)) {
    const used = pinRows(chip).filter(([, , role]) => role !== '');
    for (const [, line, role = '', direction] of used)
      assert.equal(direction, isOutput(role) ? 'output' : 'input', line);
  }
  for (const [, line = '', , , atPowerOn = ''] of pinRows('pinctrl-rp1'))
    assert.equal(atPowerOn.endsWith('up'), isPulledUp('pinctrl-rp1', line), line);
});

/** The rows of the page for a chip: all Raspberry Pis share one table. */
function pinRows(chip: string): string[][] {
  const isPi = chip.startsWith('pinctrl');
  return rowsOf(read('docs/pins.md'), 'pin').filter(([, line = '']) => line.startsWith('GPIO') === isPi);
}

function isOutput(role: string): boolean {
  return (outputRoles as readonly string[]).includes(role);
}

test('pins: config.txt drives each proposed output low and each proposed input to its pull', () => {
  const [, outputs = ''] = /^gpio=([\d,]+)=op,dl$/m.exec(read('docs/pins.md')) ?? [];
  const [, inputs = ''] = /^gpio=([\d,]+)=ip,pu$/m.exec(read('docs/pins.md')) ?? [];
  const proposed = Object.entries(boards.pi5.proposal);
  const numbers = (out: boolean): number[] =>
    proposed.filter(([role]) => isOutput(role) === out).map(([, line]) => Number(line.replace('GPIO', '')));
  const sorted = (list: readonly number[]): number[] => list.toSorted((a, b) => a - b);
  assert.deepEqual(sorted(outputs.split(',').map(Number)), sorted(numbers(true)));
  assert.deepEqual(sorted(inputs.split(',').map(Number)), sorted(numbers(false)));
});
