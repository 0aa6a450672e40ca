/** The storage of one workerd, which all files of the suite that it runs have in common. */
import { listDurableObjectIds, reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

/**
 * Empties D1, R2, the edge cache and all Durable Objects. `reset` passes over what the runtime put to sleep after ten
 * idle seconds, and that would wake with its old rows; so everything is woken first.
 */
export async function emptyStorage(): Promise<void> {
  await Promise.all([wakeAll(env.POOL), wakeAll(env.EVENTS)]);
  await reset();
  if (await isEmpty()) return;
  await Promise.all([env.TEST_LOGS.head("any"), caches.default.match("https://any.test/")]);
  await reset();
  if (!(await isEmpty())) throw new Error("D1 still has the tables of an earlier test");
}

/** D1 shows a pause in which storage that every test uses fell asleep; and it is awake now. */
async function isEmpty(): Promise<boolean> {
  const tables = "select count(*) as n from sqlite_master where name = 'pools'";
  return (await env.DB.prepare(tables).first<number>("n")) === 0;
}

/** Not every test uses each of them, so D1 does not tell whether they sleep. */
async function wakeAll<T extends Rpc.DurableObjectBranded>(namespace: DurableObjectNamespace<T>): Promise<void> {
  const ids = await listDurableObjectIds(namespace);
  await Promise.all(ids.map((id) => runInDurableObject(namespace.get(id), () => undefined)));
}
