/** The storage of one workerd, which all files of the suite that it runs have in common. */
import { listDurableObjectIds, reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

/**
 * Empties D1, R2, the edge cache and all Durable Objects. `reset` passes over what the runtime put to sleep after ten
 * idle seconds, which would wake with its old rows: a pause that long shows in D1, and everything is woken for another
 * time.
 */
export async function emptyStorage(): Promise<void> {
  await reset();
  if (await isEmpty()) return;
  await wake();
  await reset();
  if (!(await isEmpty())) throw new Error("D1 still has the tables of an earlier test");
}

async function isEmpty(): Promise<boolean> {
  const tables = "select count(*) as n from sqlite_master where name = 'pools'";
  return (await env.DB.prepare(tables).first<number>("n")) === 0;
}

async function wake(): Promise<void> {
  await Promise.all([
    env.TEST_LOGS.head("any"),
    caches.default.match("https://any.test/"),
    wakeAll(env.POOL),
    wakeAll(env.EVENTS),
  ]);
}

async function wakeAll<T extends Rpc.DurableObjectBranded>(namespace: DurableObjectNamespace<T>): Promise<void> {
  const ids = await listDurableObjectIds(namespace);
  await Promise.all(ids.map((id) => runInDurableObject(namespace.get(id), () => undefined)));
}
