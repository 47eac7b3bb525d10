import { builtins } from '../tflite/builtins.ts';
import type { FirmwareModel } from './model.ts';
import { banner } from './model-header.ts';

/** resolver.h: registers exactly the operators that the model uses, so that no other kernel is linked. */
export function resolverHeader({ recipe, model }: FirmwareModel): string {
  const used = [...new Set(model.operators.map(({ builtin }) => builtins[builtin].register))].sort();
  return `${banner(recipe)}#pragma once

#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"

namespace linegate::model {

using OpResolver = tflite::MicroMutableOpResolver<${used.length}>;

// Registers the operators of the model; call it once. An error means that the resolver was not empty.
inline TfLiteStatus AddOperators(OpResolver& resolver) {
${used.map((method) => `  if (resolver.${method}() != kTfLiteOk) return kTfLiteError;`).join('\n')}
  return kTfLiteOk;
}

}  // namespace linegate::model
`;
}
