import assert from 'node:assert/strict';
import { chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../test/support/folders.ts';
import { gpioAnswer, piHeader } from '../doctor/testing/chips.ts';
import { type Computer, ComputerHost } from '../doctor/testing/computer.ts';
import { jetsonOrin, oldPc, pi4, pi5, zero2W } from '../doctor/testing/computers.ts';
import { choicesFrom, type Said } from './choices.ts';
import { type Found, foundWords, lookAround } from './look.ts';
import { saveNew } from './save.ts';
import { type Asked, askFor } from './wizard.ts';

const programs = { gpioinfo: 'linegate-gpioinfo', v4l2: 'linegate-v4l2' };
const look = (computer: Computer): Promise<Found> => lookAround(new ComputerHost(computer), programs);

class Technician implements Asked {
  readonly questions: string[] = [];
  readonly told: string[] = [];
  readonly #answers: readonly [RegExp, string][];

  constructor(answers: readonly [RegExp, string][] = []) {
    this.#answers = answers;
  }

  async ask(question: string): Promise<string | null> {
    const before = this.questions.filter((each) => each === question).length;
    this.questions.push(question);
    const mine = this.#answers.filter(([about]) => about.test(question));
    return mine[Math.min(before, mine.length - 1)]?.[1] ?? '';
  }

  tell(line: string): void {
    this.told.push(line);
  }
}

const usb = {
  device: '/dev/video0',
  card: 'A camera',
  driver: 'uvcvideo',
  bus: 'usb-1',
  formats: [
    { format: 'MJPG', usable: false },
    {
      format: 'YUYV',
      usable: true,
      sizes: [
        { widthPx: 640, heightPx: 480, framesPerSecond: [30, 15] },
        { widthPx: 1280, heightPx: 720, framesPerSecond: [10, 1] },
        { widthPx: 1920, heightPx: 1080, framesPerSecond: [5] },
      ],
    },
  ],
  controls: [{ name: 'gain', min: 0, max: 100, step: 1 }],
};

test('init looks: boards by their device tree', async () => {
  const boards: unknown[] = [];
  for (const computer of [pi4, pi5, zero2W, jetsonOrin, oldPc]) boards.push((await look(computer)).board);
  assert.deepEqual(boards, ['pi4', 'pi5', 'zero2w', 'orin', null]);
});

test('init looks: a USB camera with its lasting link, size, rate and controls', async () => {
  const link = '/dev/v4l/by-id/usb-A-index0';
  const found = await look({
    ...pi5,
    devices: { [link]: true },
    programs: {
      ...pi5.programs,
      'linegate-v4l2 --list': JSON.stringify([usb]),
      [`readlink -f ${link}`]: '/dev/video0\n',
      'rpicam-hello --list-cameras':
        'Available cameras\n-----------------\n0 : imx708 [4608x2592 10-bit RGGB] (/base/soc)\n',
    },
  });
  assert.deepEqual(found.v4l2, [
    {
      ...{ device: link, card: 'A camera', format: 'yuyv', widthPx: 1280, heightPx: 720 },
      framesPerSecond: 10,
      controls: ['gain 0 to 100'],
    },
  ]);
  assert.deepEqual(found.rpicam, { installed: true, sensors: ['imx708'] });
  assert.match(foundWords(found).join('\n'), /A camera at \/dev\/v4l\/by-id\/usb-A-index0, imx708 \(rpicam 0\)/);
  assert.equal(choicesFrom({ lines: {}, camera: 'v4l2' }, found).camera.fields['device'], link);
  assert.equal(choicesFrom({ lines: {} }, found).camera.fields.kind, 'rpicam', 'the board’s own camera comes first');
});

test('init looks: programs that print something else are as if there were no camera', async () => {
  for (const printed of ['', '[', '{}', '[{"device":1}]']) {
    assert.deepEqual((await look({ ...oldPc, programs: { 'linegate-v4l2 --list': printed } })).v4l2, []);
  }
});

test('wizard: empty answers take what was found and proposed', async () => {
  const found = await look(pi5);
  const technician = new Technician();
  const said = await askFor({ lines: {} }, found, ['machined-ring', 'coffee-bean'], technician);
  const choices = choicesFrom(said, found);
  assert.equal(choices.boardName, 'pi5');
  assert.deepEqual(choices.lines, { trigger: 'GPIO17', gate: 'GPIO27', ready: 'GPIO22' });
  assert.deepEqual([choices.recipe, choices.delay], ['machined-ring', null]);
  assert.ok(technician.questions.some((question) => /^Line of gate \[GPIO27\]: $/.test(question)));
});

test('wizard: a bad answer is told in a sentence and asked again; flags are not asked for', async () => {
  const found = await look({
    ...pi4,
    programs: { 'linegate-gpioinfo': gpioAnswer([{ label: 'pinctrl-bcm2711', names: piHeader }]) },
  });
  const technician = new Technician([
    [/^Line of gate/, '4'],
    [/^Line of gate/, '17'],
    [/^Line of gate/, '23'],
    [/^Line of encoderA/, 'auto'],
    [/^Way/, 'far'],
    [/^Way/, '900'],
  ]);
  const given: Said = { name: 'line-3', recipe: 'coffee-bean', lines: { trigger: '17' } };
  const choices = choicesFrom(await askFor(given, found, ['machined-ring'], technician), found);
  assert.deepEqual(choices.lines, { trigger: 'GPIO17', encoderA: 'GPIO5', gate: 'GPIO23', ready: 'GPIO22' });
  assert.deepEqual(choices.delay, { unit: 'Counts', value: 900 });
  assert.match(
    technician.told.join('\n'),
    /pulls up while it boots[\s\S]*GPIO17 of --gate is given[\s\S]*cannot be NaN/,
  );
  assert.ok(!technician.questions.some((question) => /Name|Recipe|Line of trigger/.test(question)));
});

test('wizard: which camera, where there are several', async () => {
  const list = 'Available cameras\n---\n0 : imx708 [1x1] (/base/a)\n1 : imx296 [1x1] (/base/b)\n';
  const two = await look({ ...pi5, programs: { ...pi5.programs, 'rpicam-hello --list-cameras': list } });
  const technician = new Technician([
    [/^Number of the camera \(0 imx708, 1 imx296\)/, '2'],
    [/^Number/, '1'],
  ]);
  const fromPi = choicesFrom(await askFor({ lines: {} }, two, ['a'], technician), two);
  assert.equal(fromPi.camera.fields['camera'], 1);
  assert.match(technician.told.join('\n'), /no camera number 2; the last one is 1/);
  const usbs = JSON.stringify([usb, { ...usb, device: '/dev/video2' }]);
  const found = await look({ ...oldPc, programs: { 'linegate-v4l2 --list': usbs } });
  const said: Said = { board: 'pi4', camera: 'v4l2', lines: {} };
  const answers = new Technician([[/^Device of the camera/, '/dev/video2']]);
  const chosen = choicesFrom(await askFor(said, found, ['a'], answers), found);
  assert.equal(chosen.camera.fields['device'], '/dev/video2');
});

test('wizard: nobody there, and answers that never can be used, end with a sentence', async () => {
  const found = await look(pi4);
  const gone: Asked = { ask: async () => null, tell: () => undefined };
  await assert.rejects(askFor({ lines: {} }, found, ['a'], gone), /Nobody answered, so nothing was written/);
  const stubborn = new Technician([[/^Board/, 'pdp11']]);
  await assert.rejects(askFor({ lines: {} }, found, ['a'], stubborn), /No answer to "Board/);
  assert.equal(stubborn.questions.length, 10);
});

test('save: nothing is replaced without force, all or none, and what was there is kept', (t) => {
  const folder = temporaryFolder(t);
  const texts = (word: string): { file: string; text: string }[] =>
    ['new/a', 'b'].map((name) => ({ file: path.join(folder, name), text: word }));
  writeFileSync(path.join(folder, 'b'), 'mine');
  assert.throws(() => saveNew(texts('x'), false), /There is .*\/b already, so nothing was written/);
  assert.deepEqual(readdirSync(folder), ['b']);
  for (const word of ['one', 'two', 'three']) saveNew(texts(word), true);
  const now = Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name !== 'new')
      .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
  );
  assert.deepEqual(now, { b: 'three', 'b.old': 'mine', 'b.old2': 'one', 'b.old3': 'two' });
  assert.deepEqual(readdirSync(path.join(folder, 'new')), ['a', 'a.old', 'a.old2']);
  writeFileSync(path.join(folder, 'file'), '');
  assert.throws(() => saveNew([{ file: path.join(folder, 'file', 'x'), text: '' }], false), /cannot be written/);
});

test('save: what root makes belongs to whom the folder belongs', {
  skip: process.getuid?.() !== 0 && 'only root can give away',
}, (t) => {
  const folder = path.join(temporaryFolder(t), 'state');
  mkdirSync(folder);
  chownSync(folder, 12345, 12346);
  saveNew([{ file: path.join(folder, 'station', 'calibration.yaml'), text: '' }], false);
  for (const made of ['station', 'station/calibration.yaml']) {
    const { uid, gid } = statSync(path.join(folder, made));
    assert.deepEqual([uid, gid], [12345, 12346]);
  }
});
