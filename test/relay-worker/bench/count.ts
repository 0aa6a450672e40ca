/** Bindings that count their calls. */
import type { Env } from "../../../relay-worker/env.ts";

export interface BindingCounts {
  d1: number;
  /** Calls of the coordinator, by method. */
  do: string[];
}

const runs = new Set(["first", "run", "all", "raw"]);

/** @param isCounted by a statement's text */
export function count<E extends Env>(env: E, counts: BindingCounts, isCounted = (_query: string) => true): E {
  return { ...env, DB: countDatabase(env.DB, counts, isCounted), POOL: countCalls(env.POOL, counts.do) };
}

export function countDatabase(
  database: D1Database,
  counts: Pick<BindingCounts, "d1">,
  isCounted = (_query: string) => true,
): D1Database {
  const real = new WeakMap<object, { readonly statement: D1PreparedStatement; readonly query: string }>();
  const wrap = (statement: D1PreparedStatement, query: string): D1PreparedStatement => {
    const counted = new Proxy(statement, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          if (runs.has(String(name)) && isCounted(query)) counts.d1 += 1;
          if (name === "bind") return wrap(target.bind(...args), query);
          return Reflect.apply(value, target, args);
        };
      },
    });
    real.set(counted, { statement, query });
    return counted;
  };
  return new Proxy(database, {
    get(target, name) {
      if (name === "prepare") return (query: string) => wrap(target.prepare(query), query);
      if (name === "batch") {
        return (statements: D1PreparedStatement[]) => {
          counts.d1 += statements.filter((each) => isCounted(real.get(each)?.query ?? "")).length;
          return target.batch(statements.map((each) => real.get(each)?.statement ?? each));
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** @param calls takes the name of each method that is called */
export function countCalls<T extends Rpc.DurableObjectBranded | undefined>(
  objects: DurableObjectNamespace<T>,
  calls: string[],
): DurableObjectNamespace<T> {
  return new Proxy(objects, {
    get(target, name) {
      if (name !== "get") return Reflect.get(target, name, target)?.bind(target);
      return (id: DurableObjectId) =>
        new Proxy(target.get(id), {
          get(stub, method) {
            const value: unknown = Reflect.get(stub, method, stub);
            if (typeof value !== "function") return value;
            return (...args: unknown[]) => {
              calls.push(String(method));
              return Reflect.apply(value, stub, args);
            };
          },
        });
    },
  });
}
