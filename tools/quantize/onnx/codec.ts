import { LinegateError, messageOf } from '../../../agent/core/errors.ts';
import { modelType, type WireModel } from './schema.ts';

/** Models for these devices are a few MB; anything above this is a mistake or an attack. */
const LARGEST_FILE_BYTES = 256 * 1024 * 1024;

/**
 * Decodes the bytes of a .onnx file. Weight bytes are views into `bytes`, not copies.
 * Throws LinegateError 'bad-model' when they are not an ONNX model.
 */
export function readModel(bytes: Uint8Array): WireModel {
  if (bytes.length > LARGEST_FILE_BYTES) {
    throw new LinegateError(
      'bad-model',
      `The model has ${bytes.length} bytes; at most ${LARGEST_FILE_BYTES} are read.`,
    );
  }
  try {
    return modelType.decode(bytes) as unknown as WireModel;
  } catch (error) {
    throw new LinegateError(
      'bad-model',
      `The file is not an ONNX model or is damaged (${messageOf(error)}); export it again.`,
      { cause: error },
    );
  }
}

/** The bytes of a .onnx file. */
export function writeModel(model: WireModel): Uint8Array {
  return modelType.encode(modelType.fromObject(model as unknown as Record<string, unknown>)).finish();
}
