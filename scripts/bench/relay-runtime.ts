/** The bench's Worker on workerd, its tables filled. */
import { createHash, randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { Pool } from "undici";
import { createCallerAnswerSchema } from "../../shared/admin.ts";
import { workerBundle } from "../bundle-worker.ts";
import { applyMigrations } from "../stack/relay.ts";
import { readWorkerOptions } from "../stack/worker-options.ts";

const root = resolve(import.meta.dirname, "../..");
const adminToken = "bench";

/** One machine's connections and token. */
export interface Client {
  /** Answers of 200 only; everything else throws. */
  send(path: string, body?: string): Promise<string>;
  json<T>(path: string, body?: string): Promise<T>;
}

export interface BenchRelay {
  readonly client: Client;
  /** Four machines. */
  readonly clients: readonly Client[];
  /** A machine that is another one with each request: no isolate remembers it. */
  readonly stranger: Client;
  close(): Promise<void>;
}

/** The bench's Worker as one module's source. */
export async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, "test/relay-worker/bench/worker.ts")],
    write: false,
    ...workerBundle,
  });
  return outputFiles[0]?.text ?? "";
}

interface Contents {
  readonly entries: number;
  readonly auditRows: number;
}

export async function startBenchRelay(script: string, contents: Contents): Promise<BenchRelay> {
  const workerOptions = await readWorkerOptions();
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      workers: [
        {
          ...workerOptions,
          name: "octopool-bench",
          modules: [{ type: "ESModule", path: "bench.mjs", contents: script }],
          durableObjects: { ...workerOptions.durableObjects, REFERENCE: "Reference" },
          bindings: { ...workerOptions.bindings, OCTOPOOL_ADMIN_TOKEN: adminToken, BENCH_PAT: "bench" },
        },
      ],
    }),
  );
  try {
    return await filled(runtime, contents);
  } catch (error) {
    // A runtime that still runs would keep the bench from ending.
    await runtime.dispose();
    throw error;
  }
}

async function filled(runtime: Miniflare, contents: Contents): Promise<BenchRelay> {
  const { origin } = await runtime.ready;
  await fill(runtime, contents);
  const pool = new Pool(origin, { connections: 512, pipelining: 1 });
  await ask(pool, "/v1/admin/pools/maintainers/identities", adminToken, identity);
  const clients = await Promise.all(["one", "two", "three", "four"].map((name) => machine(pool, name)));
  const [client] = clients;
  if (!client) throw new Error("no client");
  const close = async () => {
    await pool.close();
    await runtime.dispose();
  };
  return { client, clients, stranger: await stranger(runtime, pool), close };
}

const identity = { id: "bench", kind: "pat", login: "bench", secret_ref: "BENCH_PAT", scopes: [{ owner: "*" }] };

async function machine(pool: Pool, name: string): Promise<Client> {
  const body = JSON.stringify({ pool: "maintainers", github_login: "bench", name });
  const { token } = createCallerAnswerSchema.parse(
    JSON.parse(await ask(pool, "/v1/admin/callers", adminToken, JSON.parse(body))),
  );
  return clientOf(pool, () => token);
}

/** More than an isolate remembers callers (`rememberedCallers`). */
const strangers = 4096;

/** Comes with the next of many tokens each time. */
async function stranger(runtime: Miniflare, pool: Pool): Promise<Client> {
  const db = await runtime.getD1Database("DB");
  const tokens = Array.from({ length: strangers }, () => `op_${randomBytes(32).toString("base64url")}`);
  const hashes = tokens.map((token) => createHash("sha256").update(token).digest("hex"));
  // One statement: the runtime's proxy answers a `bind` while this process stands still, and thousands of them last
  // longer than the runtime keeps an idle connection, so that the call after them fails.
  await db
    .prepare(
      `insert into caller_tokens (hash, id, caller_id, client_name, created_at, last_used_at)
       select hash.value, 'stranger' || hash.key, callers.id, 'stranger' || hash.key, ?2, ?2
       from json_each(?1) as hash, callers where callers.name = 'one'`,
    )
    .bind(JSON.stringify(hashes), Date.now())
    .run();
  let next = 0;
  return clientOf(pool, () => tokens[next++ % tokens.length] ?? "");
}

function clientOf(pool: Pool, tokenOf: () => string): Client {
  const send: Client["send"] = async (path, sent) => {
    const headers = { authorization: `Bearer ${tokenOf()}`, "content-type": "application/json" };
    const method = sent === undefined ? "GET" : "POST";
    const answer = await pool.request({ path, method, headers, body: sent ?? null });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${text}`);
    return text;
  };
  return { send, json: async (path, sent) => JSON.parse(await send(path, sent)) };
}

async function ask(pool: Pool, path: string, token: string, body: object): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await pool.request({ path, method: "POST", headers, body: JSON.stringify(body) });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text}`);
  return text;
}

/** Migrates, then fills the tables with rows like those the relay writes. */
async function fill(runtime: Miniflare, { entries, auditRows }: Contents): Promise<void> {
  await applyMigrations(runtime);
  const db = await runtime.getD1Database("DB");
  const now = Date.now();
  const numbers = "with recursive n(i) as (select ? union all select i + 1 from n where i < ?)";
  const batch = 50_000;
  for (let at = 0; at < entries; at += batch) {
    await db
      .prepare(
        `${numbers} insert into github_cache_entries select 'filler' || i, 'maintainers', 'pr_view', 'acme/r' || (i % 500), 200,
         '{"content-type":"application/json"}', 'json', '{"n":"' || hex(zeroblob(400)) || '"}', 808, 0, null, null, null,
         'github_identity', ${now}, ${now}, ${now + 3_600_000}, ${now + 7_200_000} from n`,
      )
      .bind(at, Math.min(at + batch, entries) - 1)
      .run();
  }
  for (let at = 0; at < auditRows; at += batch) {
    await db
      .prepare(
        `${numbers} insert into audit_events (at, action, request_id, pool, caller_id, client_name, route_kind, target, status, cache)
         select ${now} - i * 1000, 'request', 'request-' || i, 'maintainers', 'caller-' || (i % 20), 'client-' || (i % 40), 'pr_view',
         'acme/r' || (i % 500), 200, 'hit' from n`,
      )
      .bind(at, Math.min(at + batch, auditRows) - 1)
      .run();
  }
}
