import { importOptional } from '../../core/optional-package.ts';
import { readModel, serveModel } from './model-child.ts';
import { loadTfjs, type TfModule } from './tfjs-engine.ts';

void serveModel(async (given) => {
  readModel(given);
  const instead = 'or use the engine onnx, which needs nothing more';
  const tf = await importOptional<TfModule>('@tensorflow/tfjs-node', 'The classifier engine tfjs-node', instead);
  return loadTfjs(tf, given);
});
