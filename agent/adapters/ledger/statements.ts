import type { Database, Statement } from 'better-sqlite3';

const known = new WeakMap<Database, Map<string, Statement>>();

/** A statement, prepared once per connection: what is read page by page need not be parsed and planned for each page. */
export function prepared<Parameters extends unknown[], Row>(db: Database, sql: string): Statement<Parameters, Row> {
  const statements = known.get(db) ?? new Map<string, Statement>();
  known.set(db, statements);
  const statement = statements.get(sql) ?? db.prepare(sql);
  statements.set(sql, statement);
  return statement as Statement<Parameters, Row>;
}
