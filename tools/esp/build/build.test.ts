import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { boards } from '../boards.ts';
import { readFlashPlan } from '../flash/plan.ts';
import { putModel } from './bundle.ts';
import { idfArguments, idfBuild } from './idf.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'esp-build-'));
after(() => rmSync(folder, { recursive: true }));
const [board] = boards;
assert.ok(board);

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe('the model', () => {
  it('replaces the one that is there, from a bundle or its folder esp', async () => {
    for (const name of ['model.h', 'model.cc', 'golden.cc', 'resolver.h']) write(`bundle/esp/${name}`, `new ${name}`);
    write('model/golden.cc', 'old');
    write('model/CMakeLists.txt', 'stays');
    await putModel(path.join(folder, 'bundle'), path.join(folder, 'model'));
    assert.equal(readFileSync(path.join(folder, 'model/golden.cc'), 'utf8'), 'new golden.cc');
    assert.equal(readFileSync(path.join(folder, 'model/CMakeLists.txt'), 'utf8'), 'stays');
    await putModel(path.join(folder, 'bundle/esp'), path.join(folder, 'other'));
    assert.ok(existsSync(path.join(folder, 'other/resolver.h')));
  });

  it('stays when the bundle holds none', async () => {
    write('model2/model.h', 'old');
    await assert.rejects(
      putModel(path.join(folder, 'bundle/none'), path.join(folder, 'model2')),
      /quantize MODEL --esp/,
    );
    assert.equal(readFileSync(path.join(folder, 'model2/model.h'), 'utf8'), 'old');
  });
});

describe('idf.py', () => {
  const build = { project: folder, board, out: path.join(folder, 'out'), signingKey: undefined, limitMs: 10_000 };
  const withProgram = (text: string): NodeJS.ProcessEnv => {
    chmodSync(write('bin/idf.py', `#!/bin/sh\n${text}\n`), 0o755);
    return { PATH: `${folder}/bin:/usr/bin:/bin` };
  };

  it('is called with the settings of the board, and of the key', async () => {
    const file = path.join(folder, 'called');
    const environment = withProgram(`printf '%s\\n' "$@" > ${file}`);
    await idfBuild({ ...build, signingKey: '/keys/a.pem', environment });
    assert.deepEqual(
      readFileSync(file, 'utf8').trim().split('\n'),
      idfArguments({ ...build, signingKey: '/keys/a.pem' }),
    );
    assert.match(
      readFileSync(file, 'utf8'),
      /boards\/esp32-cam\/sdkconfig.defaults;sdkconfig.signed;.*signing-key.defaults/,
    );
    assert.match(readFileSync(path.join(folder, 'out/signing-key.defaults'), 'utf8'), /SIGNING_KEY="\/keys\/a\.pem"/);
  });

  it('is asked for in one sentence when it is missing', async () => {
    const environment = { PATH: path.join(folder, 'nowhere') };
    await assert.rejects(idfBuild({ ...build, environment }), {
      code: 'missing-package',
      message: /install ESP-IDF 5\.3/,
    });
  });

  it('that fails is told with its status', async () => {
    await assert.rejects(idfBuild({ ...build, environment: withProgram('exit 2') }), /idf\.py ended with 2/);
  });

  it('is ended with all that it started when it takes too long', async () => {
    const file = path.join(folder, 'survived');
    const environment = withProgram(`(sleep 1; touch ${file}) & wait`);
    await assert.rejects(idfBuild({ ...build, environment, limitMs: 300 }), /was ended after/);
    await new Promise((resolve) => setTimeout(resolve, 1300));
    assert.ok(!existsSync(file));
  });
});

describe('what was built', () => {
  const built = (files: object, chip = 'esp32s3') =>
    write('built/flasher_args.json', JSON.stringify({ flash_files: files, extra_esptool_args: { chip } }));
  const plan = () => readFlashPlan(path.join(folder, 'built'));

  it('is read with its addresses, in their order', async () => {
    write('built/app.bin', 'app');
    write('built/boot/loader.bin', 'loader');
    built({ '0x20000': 'app.bin', '0x0': 'boot/loader.bin' });
    const { chip, images } = await plan();
    assert.equal(chip, 'ESP32-S3');
    assert.deepEqual(
      images.map(({ file, address }) => [file, address]),
      [
        ['boot/loader.bin', 0],
        ['app.bin', 0x20000],
      ],
    );
  });

  it('is refused where it is not whole', async () => {
    await assert.rejects(readFlashPlan(path.join(folder, 'nothing')), /run "linegate esp build" first/);
    built({ '0x0': 'app.bin', '0x2': 'boot/loader.bin' });
    await assert.rejects(plan(), /app\.bin reaches into boot\/loader\.bin/);
    built({ '0x0': '../../etc/passwd' });
    await assert.rejects(plan(), /lies outside/);
    built({ '0x0': 'missing.bin' });
    await assert.rejects(plan(), /missing\.bin cannot be read/);
    built({ '0x0': 'app.bin' }, 'esp8266');
    await assert.rejects(plan(), /the chip "esp8266"/);
    built({});
    await assert.rejects(plan(), /names no images/);
    built({ zero: 'app.bin' });
    await assert.rejects(plan(), /not as ESP-IDF writes it/);
  });
});
