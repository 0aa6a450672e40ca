/** D1's tables and their rows, to be had again in one request. */
import { env } from "cloudflare:workers";

type Row = Readonly<Record<string, D1Value>>;
type D1Value = string | number | null | ArrayBuffer;

/** Statements that make the tables of the migrations, and fill them. */
export type Tables = readonly (readonly [sql: string, values: readonly D1Value[]])[];

/** As the migrations make them. */
export function emptyTables(): Tables {
  return env.TEST_MIGRATIONS.flatMap(({ queries }) => queries.map((sql) => [sql, []] as const));
}

/** As they are now. */
export async function currentTables(): Promise<Tables> {
  const { results } = await env.DB.prepare(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_cf_%'",
  ).all<{ name: string }>();
  const rows = await Promise.all(results.map(({ name }) => rowsOf(name)));
  return [...emptyTables(), ...rows.flat()];
}

async function rowsOf(table: string): Promise<Tables> {
  const { results } = await env.DB.prepare(`select * from ${table}`).all<Row>();
  return results.map((row) => {
    const places = Object.keys(row).map(() => "?");
    return [`insert into ${table} (${Object.keys(row).join(", ")}) values (${places.join(", ")})`, Object.values(row)];
  });
}

/** Into a database without any. */
export async function makeTables(tables: Tables): Promise<void> {
  const statements = tables.map(([sql, values]) => env.DB.prepare(sql).bind(...values));
  // Rows may come before those that they name.
  await env.DB.batch([env.DB.prepare("pragma defer_foreign_keys = on"), ...statements]);
}
