/** Several statements that are written as SQL, in one transaction: drizzle's batch cannot bind the values of such. */
import type { SQL } from "drizzle-orm";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";
import type { Env } from "../env.ts";

const dialect = new SQLiteAsyncDialect();

export function runTogether({ DB }: Env, statements: readonly SQL[]): Promise<unknown> {
  return DB.batch(
    statements.map((statement) => {
      const { sql, params } = dialect.sqlToQuery(statement);
      return DB.prepare(sql).bind(...params);
    }),
  );
}
