import Database from 'better-sqlite3';

/** Asks a database something, also beside the process that writes it. */
export function ask<T>(file: string, question: (db: Database.Database) => T): T {
  const db = new Database(file, { readonly: true, timeout: 10_000 });
  try {
    return question(db);
  } finally {
    db.close();
  }
}
