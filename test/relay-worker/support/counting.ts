/** Bindings that count: every D1 statement, in batches too, and every call of the coordinator. */
import { env as suiteEnv } from "cloudflare:workers";

export interface Counts {
  d1: number;
  /** Calls of the Durable Object by method. */
  do: string[];
}

const runs = new Set(["first", "run", "all", "raw"]);

export function countingBindings(): { counts: Counts; vars: { DB: D1Database; POOL: unknown } } {
  const counts: Counts = { d1: 0, do: [] };
  const real = new WeakMap<object, D1PreparedStatement>();
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement => {
    const counted = new Proxy(statement, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          if (runs.has(String(name))) counts.d1 += 1;
          const result: unknown = value.apply(target, args);
          return name === "bind" ? wrap(result as D1PreparedStatement) : result === target ? receiver : result;
        };
      },
    });
    real.set(counted, statement);
    return counted;
  };
  const DB = new Proxy(suiteEnv.DB, {
    get(target, name) {
      if (name === "prepare") return (query: string) => wrap(target.prepare(query));
      if (name === "batch") {
        return (statements: D1PreparedStatement[]) => {
          counts.d1 += statements.length;
          return target.batch(statements.map((statement) => real.get(statement) ?? statement));
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const POOL = {
    idFromName: (name: string) => suiteEnv.POOL.idFromName(name),
    get: (id: DurableObjectId) =>
      new Proxy(suiteEnv.POOL.get(id), {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target);
          if (typeof value !== "function") return value;
          return (...args: unknown[]) => {
            counts.do.push(String(name));
            return Reflect.apply(value, target, args);
          };
        },
      }),
  };
  return { counts, vars: { DB, POOL } };
}

/** A database that writes down the statements it is given. */
export function recordingDatabase(): { DB: D1Database; statements: string[] } {
  const statements: string[] = [];
  const DB = new Proxy(suiteEnv.DB, {
    get(target, name) {
      if (name === "prepare") {
        return (query: string) => {
          statements.push(query);
          return target.prepare(query);
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { DB, statements };
}
