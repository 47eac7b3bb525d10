import { existsSync } from 'node:fs';
import { readSmallFile } from '../../config/read.ts';
import { LinegateError, messageOf } from '../../core/errors.ts';
import { openRecipe, recipePlaces } from '../../recipes/find.ts';
import type { FileText, Surroundings } from './surroundings.ts';

/** The files and recipes of this computer. */
export const systemSurroundings: Surroundings = {
  read: readText,
  recipeFault: (recipe, stateFolder, base) => {
    try {
      openRecipe(recipe, recipePlaces(stateFolder, base));
      return null;
    } catch (error) {
      if (error instanceof LinegateError) return error.message;
      throw error;
    }
  },
};

function readText(file: string): FileText {
  try {
    return { kind: 'text', text: readSmallFile(file, 'file', 'bad-config') };
  } catch (error) {
    const code = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined)?.code : undefined;
    if (code === 'ENOENT' && !existsSync(file)) return { kind: 'absent' };
    return { kind: code === 'EACCES' ? 'denied' : 'unreadable', why: messageOf(error).replace(/\.$/, '') };
  }
}
