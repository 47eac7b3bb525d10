import type { z } from 'zod';

/** What stands before the firmware's own words, among all else that a console shows. */
const MARK = /^.*linegate (?=\{)/;

/** What the firmware says with a line of its console; undefined for any other line, and for one that is cut or none of `schema`. */
export function toldIn<T>(line: string, schema: z.ZodType<T>): T | undefined {
  if (!MARK.test(line)) return undefined;
  try {
    return schema.safeParse(JSON.parse(line.replace(MARK, ''))).data;
  } catch {
    return undefined;
  }
}
