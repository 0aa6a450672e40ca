/** The storage of one workerd, which all files of the suite that it runs have in common. */
import { listDurableObjectIds, reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** Well within the ten idle seconds after which the runtime puts an object to sleep, in milliseconds. */
const awakeMs = 5_000;
const attempts = 10;

/** When everything was empty: an object with content was in use since. */
let emptyAt = Number.NEGATIVE_INFINITY;

/**
 * Empties D1, R2, the edge cache and all Durable Objects. `reset` passes over the objects that the runtime put to sleep
 * after ten idle seconds, each by itself, and that would wake with their old content; so everything is woken first,
 * unless less time has passed since it was empty. On a machine that stood still meanwhile something may be asleep
 * again: then once more.
 */
export async function emptyStorage(): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    let awakeSince = emptyAt;
    if (attempt > 1 || performance.now() - awakeSince > awakeMs) {
      awakeSince = performance.now();
      await wakeEverything();
    }
    await reset();
    const ended = performance.now();
    if (ended - awakeSince < awakeMs && (await env.DB.prepare(tables).first<number>("n")) === 0) {
      emptyAt = ended;
      return;
    }
  }
  throw new Error(`${attempts} times the storage kept rows of an earlier test, or took too long to empty`);
}

const tables = "select count(*) as n from sqlite_master where name = 'pools'";

async function wakeEverything(): Promise<void> {
  await Promise.all([
    env.DB.prepare("select 1").run(),
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
