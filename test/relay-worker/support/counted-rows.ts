/** A database that adds up D1's bill: the rows that each statement read, or wrote. */
import { env as suiteEnv } from "cloudflare:workers";

interface Counter {
  readonly statements: { readonly sql: string; readonly rows: number }[];
  /** Rows of the statements that match. */
  by(pattern?: RegExp): number;
}

export const rowsRead = () => countedRows("rows_read");

export function countedRows(kind: "rows_read" | "rows_written"): { DB: D1Database; counter: Counter } {
  const statements: { sql: string; rows: number }[] = [];
  const counter: Counter = {
    statements,
    by: (pattern = /./) => statements.filter(({ sql }) => pattern.test(sql)).reduce((sum, { rows }) => sum + rows, 0),
  };
  const real = new WeakMap<object, { readonly statement: D1PreparedStatement; readonly sql: string }>();
  const note = <T>(sql: string, result: D1Result<T>): D1Result<T> => {
    statements.push({ sql, rows: result.meta[kind] });
    return result;
  };
  const wrap = (statement: D1PreparedStatement, sql: string): D1PreparedStatement => {
    const wrapped = new Proxy(statement, {
      get(target, name) {
        if (name === "bind") return (...values: unknown[]) => wrap(target.bind(...values), sql);
        if (name === "all" || name === "run") return async () => note(sql, await target.all());
        // Arrays of columns come without a count: the statement is run once more for it.
        if (name === "raw") {
          return async () => {
            note(sql, await target.all());
            return target.raw();
          };
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    real.set(wrapped, { statement, sql });
    return wrapped;
  };
  const DB = new Proxy(suiteEnv.DB, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => wrap(target.prepare(sql), sql);
      if (name === "batch") {
        return async (batch: D1PreparedStatement[]) => {
          const results = await target.batch(batch.map((each) => real.get(each)?.statement ?? each));
          return results.map((result, at) => note(real.get(batch[at] ?? {})?.sql ?? "", result));
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { DB, counter };
}
