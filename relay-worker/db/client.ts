/** Typed access to D1. One client an environment. */
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import type { Env } from "../env.ts";

const clients = new WeakMap<D1Database, DrizzleD1Database>();

export function database(env: Env): DrizzleD1Database {
  const known = clients.get(env.DB);
  if (known) return known;
  const client = drizzle(env.DB);
  clients.set(env.DB, client);
  return client;
}
