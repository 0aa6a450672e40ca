/** Writes of whole rows, whose SQL is written once: drizzle builds it anew for each query that is not prepared. */
import { fillPlaceholders, getTableColumns, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";

interface Upsert<T extends SQLiteTable> {
  readonly table: T;
  /** Its primary key. */
  readonly key: SQLiteColumn;
  /** A row that is older by this column than the one which is stored changes nothing. */
  readonly newerBy: SQLiteColumn;
}

/** @returns the statement that stores a row, or replaces the one with its key */
export function upsert<T extends SQLiteTable>(
  what: Upsert<T>,
): (database: D1Database, row: T["$inferSelect"]) => D1PreparedStatement {
  let query: ReturnType<typeof write> | undefined;
  return (database, row) => {
    query ??= write(database, what);
    return database.prepare(query.sql).bind(...fillPlaceholders(query.params, row));
  };
}

function write(database: D1Database, { table, key, newerBy }: Upsert<SQLiteTable>) {
  const columns = Object.entries(getTableColumns(table));
  const excluded = (column: SQLiteColumn): SQL => sql.raw(`excluded."${column.name}"`);
  const others = columns.filter(([, column]) => column !== key);
  return drizzle(database)
    .insert(table)
    .values(Object.fromEntries(columns.map(([name]) => [name, sql.placeholder(name)])))
    .onConflictDoUpdate({
      target: key,
      set: Object.fromEntries(others.map(([name, column]) => [name, excluded(column)])),
      setWhere: sql`${newerBy} <= ${excluded(newerBy)}`,
    })
    .prepare()
    .getQuery();
}
