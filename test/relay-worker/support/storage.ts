/** The storage of one workerd, which all files of the suite that it runs have in common. */
import { listDurableObjectIds, reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

/**
 * Empties D1, R2, the edge cache and all Durable Objects. `reset` passes over what the runtime put to sleep after ten
 * idle seconds, each by itself, and that would wake with its old content; so everything is woken first.
 */
export async function emptyStorage(): Promise<void> {
  await Promise.all([
    env.DB.prepare("select 1").run(),
    env.TEST_LOGS.head("any"),
    caches.default.match("https://any.test/"),
    wakeAll(env.POOL),
    wakeAll(env.EVENTS),
  ]);
  await reset();
  const tables = "select count(*) as n from sqlite_master where name = 'pools'";
  if ((await env.DB.prepare(tables).first<number>("n")) !== 0) throw new Error("D1 has the tables of an earlier test");
}

async function wakeAll<T extends Rpc.DurableObjectBranded>(namespace: DurableObjectNamespace<T>): Promise<void> {
  const ids = await listDurableObjectIds(namespace);
  await Promise.all(ids.map((id) => runInDurableObject(namespace.get(id), () => undefined)));
}
