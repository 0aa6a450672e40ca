/** Bindings that count: every D1 statement but the audit's, in batches too, and every call of the coordinator. */
import { env as suiteEnv } from "cloudflare:workers";
import { type BindingCounts, count } from "../bench/count.ts";

export type { BindingCounts };

/** The audit's batch belongs to no read: rows of many gather in it, and the last uses of their tokens. */
const auditing = /insert into "?audit_|update "?caller_tokens/i;

export function countingBindings(): { counts: BindingCounts; vars: Record<string, unknown> } {
  const counts: BindingCounts = { d1: 0, do: [] };
  const { DB, POOL } = count(suiteEnv, counts, (query) => !auditing.test(query));
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
