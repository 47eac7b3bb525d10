import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { tfliteModel } from '../emit/tflite.ts';
import { compile } from '../passes/pipeline.ts';
import { Simulator } from '../sim/simulator.ts';
import { randomPixels } from '../testing/same-output.ts';
import { residualModel } from '../testing/test-model.ts';
import { testPlan } from '../testing/test-plan.ts';
import { firmwareFiles, writeFirmware } from './bundle.ts';
import type { FirmwareRecipe } from './model.ts';

const recipe: FirmwareRecipe = {
  name: 'test-part',
  version: 3,
  labels: [
    { name: 'good', kind: 'ok' },
    { name: 'bad', kind: 'defect' },
    { name: 'odd', kind: 'defect' },
    { name: 'fine', kind: 'ok' },
  ],
  preprocess: { colour: 'rgb', widthPx: 16, heightPx: 16, region: { x: 0.1, y: 0, width: 0.8, height: 1 } },
  decision: { minimumOk: 0.6, thresholds: { bad: { review: 0.3, reject: 0.7 }, odd: { review: 0.25, reject: 1 } } },
};

const graph = compile(residualModel(), { heightPx: 16, widthPx: 16, channels: 3 });
const model = tfliteModel(graph, testPlan(graph));
const pictures = [1, 2].map((seed) => randomPixels(16 * 16 * 3, seed));
const files = firmwareFiles(recipe, model, pictures);

/** The few declarations of TensorFlow Lite Micro that resolver.h needs; a method that is not here does not exist there. */
const RESOLVER_STUB = `#pragma once
enum TfLiteStatus { kTfLiteOk = 0, kTfLiteError = 1 };
namespace tflite {
template <unsigned int tOpCount>
class MicroMutableOpResolver {
 public:
${[
  'Add',
  'AveragePool2D',
  'Concatenation',
  'Conv2D',
  'DepthwiseConv2D',
  'FullyConnected',
  'MaxPool2D',
  'Pad',
  'PadV2',
  'Quantize',
  'Relu',
  'Relu6',
  'Reshape',
  'Softmax',
]
  .map((name) => `  TfLiteStatus Add${name}() { return Take(); }`)
  .join('\n')}
  unsigned int taken() const { return taken_; }
 private:
  TfLiteStatus Take() { return taken_++ < tOpCount ? kTfLiteOk : kTfLiteError; }
  unsigned int taken_ = 0;
};
}  // namespace tflite
`;

const MAIN = `#include <cstdint>
#include <cstdio>
#include "model.h"
#include "resolver.h"

namespace model = linegate::model;

int main() {
  model::OpResolver resolver;
  const bool added = model::AddOperators(resolver) == kTfLiteOk;
  std::uint32_t sum = 0;
  for (unsigned char byte : model::kData) sum = sum * 31U + byte;
  std::printf("%d %u %u %u %s\\n", added ? 1 : 0, resolver.taken(),
              static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(model::kData) % 16U), sum, model::kSha256);
  for (const model::GoldenVector& vector : model::kGolden) {
    for (std::size_t i = 0; i < model::kLabelCount; ++i) std::printf("%d ", static_cast<int>(vector.scores[i]));
    std::printf("%d\\n", static_cast<int>(vector.pixels[model::kInputBytes - 1]));
  }
  for (const model::Label& label : model::kLabels) {
    std::printf("%s %d %.17g %.17g\\n", label.name, label.defect ? 1 : 0, label.review, label.reject);
  }
}
`;

describe('the firmware’s model component', () => {
  it('names the recipe, the digest and the arena', () => {
    const header = files.get('model.h') ?? '';
    assert.match(header, /kName\[\] = "test-part"/);
    assert.match(header, /kSha256\[\] = "[0-9a-f]{64}"/);
    assert.match(header, /kRegion = \{0\.1, 0\.0, 0\.8, 1\.0\}/);
    assert.match(header, /kMinimumOk = 0\.6;/);
    const arena = Number(/kArenaBytes = (\d+)/.exec(header)?.[1]);
    assert.ok(arena % 16 === 0 && arena > 3 * 16 * 16 * 8 && arena < 20_000, String(arena));
  });

  it('registers each operator of the model once, and no other', () => {
    const methods = [...(files.get('resolver.h') ?? '').matchAll(/resolver\.(\w+)\(\)/g)].map(([, name]) => name);
    assert.deepEqual(methods, [
      ...['AddAdd', 'AddAveragePool2D', 'AddConv2D', 'AddDepthwiseConv2D', 'AddFullyConnected', 'AddReshape'],
      'AddSoftmax',
    ]);
    assert.match(files.get('resolver.h') ?? '', /MicroMutableOpResolver<7>/);
  });
});

const compiler = ['clang++', 'clang++-19', 'g++'].find((name) => spawnSync(name, ['--version']).status === 0);

describe('the component, compiled', () => {
  if (compiler === undefined)
    console.warn('NOT RUN: no C++ compiler; the generated firmware sources were not compiled.');
  const folder = mkdtempSync(path.join(tmpdir(), 'firmware-'));
  after(() => rmSync(folder, { recursive: true }));

  for (const name of compiler === undefined ? [] : [compiler]) {
    it(`${name} takes it without a warning, and it holds what was put in`, async () => {
      await writeFirmware(folder, files);
      const stub = path.join(folder, 'tensorflow/lite/micro');
      mkdirSync(stub, { recursive: true });
      writeFileSync(path.join(stub, 'micro_mutable_op_resolver.h'), RESOLVER_STUB);
      writeFileSync(path.join(folder, 'main.cc'), MAIN);
      const flags = ['-std=c++17', '-Wall', '-Wextra', '-Werror', '-Wconversion', '-Wpedantic', '-I', folder];
      const sources = ['main.cc', 'model.cc', 'golden.cc'].map((file) => path.join(folder, file));
      const program = path.join(folder, 'program');
      const built = spawnSync(name, [...flags, ...sources, '-o', program], { encoding: 'utf8', timeout: 60_000 });
      assert.equal(built.stderr, '');
      const { stdout, status } = spawnSync(program, { encoding: 'utf8', timeout: 10_000 });
      assert.equal(status, 0);
      const [first = '', ...rest] = stdout.trim().split('\n');
      assert.match(first, /^1 7 0 \d+ [0-9a-f]{64}$/);
      const simulator = new Simulator(model);
      assert.deepEqual(rest, [
        ...pictures.map((pixels) => [...simulator.storedScores(pixels), pixels.at(-1)].join(' ')),
        'good 0 1 1',
        'bad 1 0.29999999999999999 0.69999999999999996',
        'odd 1 0.25 1',
        'fine 0 1 1',
      ]);
    });
  }
});
