/** `data` of `shape` with its axes in the order of `perm`: axis i of the result is axis perm[i] of the source. */
export function transposed<T extends Float32Array | Int8Array | Uint8Array>(
  data: T,
  shape: readonly number[],
  perm: readonly number[],
): { readonly data: T; readonly shape: readonly number[] } {
  const newShape = perm.map((axis) => shape[axis] ?? 1);
  const result = data.slice() as T;
  // Axes of one place move nothing: the weights of a convolution of 1 x 1 stay as they lie.
  const moving = perm.filter((axis) => shape[axis] !== 1);
  if (moving.every((axis, i) => i === 0 || axis > (moving[i - 1] ?? 0))) return { data: result, shape: newShape };
  const strides = stridesOf(shape);
  const steps = moving.map((axis) => strides[axis] ?? 0);
  const sides = moving.map((axis) => shape[axis] ?? 1);
  const outer = sides.slice(0, -1);
  const index = new Array<number>(outer.length).fill(0);
  const [count, step] = [Math.max(1, sides.at(-1) ?? 1), steps.at(-1) ?? 0];
  let from = 0;
  for (let to = 0; to < result.length; to += count) {
    for (let i = 0; i < count; i += 1) result[to + i] = data[from + i * step] ?? 0;
    from += advance(index, outer, steps);
  }
  return { data: result, shape: newShape };
}

/** Moves `index` one place on, last axis first; gives how far that is in the source. */
function advance(index: number[], shape: readonly number[], steps: readonly number[]): number {
  let moved = 0;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    const at = (index[axis] ?? 0) + 1;
    const step = steps[axis] ?? 0;
    if (at < (shape[axis] ?? 1)) {
      index[axis] = at;
      return moved + step;
    }
    index[axis] = 0;
    moved -= step * (at - 1);
  }
  return moved;
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/** The shape that ONNX's Reshape gives for `target`: 0 keeps a side, -1 takes the rest. */
export function reshapedTo(shape: readonly number[], target: readonly number[]): number[] {
  const sides = target.map((side, axis) => (side === 0 ? (shape[axis] ?? 1) : side));
  const known = sides.filter((side) => side !== -1).reduce((product, side) => product * side, 1);
  const all = shape.reduce((product, side) => product * side, 1);
  return sides.map((side) => (side === -1 ? all / Math.max(1, known) : side));
}

/** `shape` with sides of 1 at the places `axes` of the result. */
export function unsqueezed(shape: readonly number[], axes: readonly number[]): number[] {
  const rank = shape.length + axes.length;
  const added = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const rest = [...shape];
  return Array.from({ length: Math.min(rank, 9) }, (_, axis) => (added.has(axis) ? 1 : (rest.shift() ?? 1)));
}
