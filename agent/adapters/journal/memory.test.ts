import { journalContract } from '../../../test/contracts/journal.ts';
import { MemoryJournal, type MemoryJournalFile } from './memory.ts';
import { JournalParts } from './parts.ts';

journalContract('in memory', () => {
  const file: MemoryJournalFile = { parts: new JournalParts(), bootId: null };
  return { start: (bootId) => new MemoryJournal(bootId, file), dispose: () => {} };
});
