import assert from 'node:assert/strict';
import { it } from 'node:test';
import { tuningText } from './tuning.ts';

it('the text of the tuning says what was kept and names the dearest layers', () => {
  const sensitivity = Array.from({ length: 10 }, (_, i) => ({ layer: `conv_${i}`, logitSqnrDb: 30 + i }));
  const text = tuningText({
    tuning: [
      { step: 'as it is, min-max', logitSqnrDb: 28.04, kept: false },
      { step: 'channels equalised, mse', logitSqnrDb: 31, kept: true },
    ],
    sensitivity,
  });
  assert.match(text, /as it is, min-max: logits 28\.0 dB\n {2}channels equalised, mse: logits 31\.0 dB \(kept\)\n/);
  assert.match(text, /conv_0: logits 30\.0 dB\n[\s\S]*conv_7[\s\S]*\n {2}and 2 more in report\.json$/);
  assert.ok(!text.includes('conv_8'));
});
