/** One is made while another runs; more would only hold memory. */
const AT_ONCE = 2;

/** The results of `task` for all items, in their order; `atOnce` are under way at a time. Rejects with the first failure. */
export async function overlapped<Item, Result>(
  items: readonly Item[],
  task: (item: Item, at: number) => Promise<Result>,
  atOnce = AT_ONCE,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const at = next;
      next += 1;
      results[at] = await task(items[at] as Item, at);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } finally {
    next = items.length;
  }
  return results;
}
