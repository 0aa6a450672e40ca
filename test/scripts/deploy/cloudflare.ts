/** Stands in for Cloudflare's API: one account kept in memory, as far as a deployment asks for it. */
import { createServer, type IncomingMessage } from "node:http";
import { closeServer, urlOf } from "../../support/loopback.ts";

export interface AccountState {
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  /** Rate plans of the account's subscriptions; undefined when the token may not read them. */
  readonly plans: readonly string[] | undefined;
  readonly databases: { readonly name: string; readonly uuid: string }[];
  readonly tables: Set<string>;
  readonly applied: string[];
  readonly secrets: Map<string, string>;
  readonly buckets: string[];
  readonly lifecycle: Map<string, unknown[]>;
  /** The state of the Worker; a Worker that holds secrets only is a draft. */
  worker: "none" | "draft" | "deployed";
  readonly domains: string[];
  /** The last upload of the Worker: its modules and their metadata. */
  uploaded: string;
}

export interface CloudflareStandIn {
  readonly url: string;
  readonly account: AccountState;
  /** `METHOD path` of each call, in order. */
  readonly calls: readonly string[];
  /** Authorization headers seen. */
  readonly credentials: ReadonlySet<string>;
  close(): Promise<void>;
}

interface Call {
  readonly account: AccountState;
  readonly body: string;
  /** The path's variable parts. */
  readonly parts: readonly string[];
}

class Refused extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const noWorker = () => new Refused(404, 10007, "This Worker does not exist on your account.");
const databaseId = "11111111-2222-3333-4444-555555555555";

/** Answers as D1's HTTP API would, for the few statements that migrations are kept with. */
function query({ account, body }: Call): unknown {
  const { sql } = JSON.parse(body);
  const rows = (results: unknown[]) => [{ results, success: true, meta: { duration: 0.1 } }];
  if (/CREATE TABLE IF NOT EXISTS "?d1_migrations/i.test(sql)) account.tables.add("d1_migrations");
  if (/FROM "?d1_migrations/i.test(sql)) {
    if (!account.tables.has("d1_migrations"))
      throw new Refused(400, 7500, "no such table: d1_migrations: SQLITE_ERROR");
    return rows(account.applied.map((name, index) => ({ id: index + 1, name, applied_at: "2026-01-01 00:00:00" })));
  }
  for (const [, name = ""] of sql.matchAll(/INSERT INTO "?d1_migrations"?[^;]*?'([\w.-]+\.sql)'/gi))
    account.applied.push(name);
  return rows([]);
}

const routes: readonly (readonly [string, RegExp, (call: Call) => unknown])[] = [
  ["GET", /^\/user\/tokens\/verify$/, () => ({ id: "1", status: "active" })],
  ["GET", /^\/user$/, () => ({ id: "1", email: "mona@example.org" })],
  ["GET", /^\/accounts$/, ({ account }) => account.accounts],
  ["GET", /^\/memberships$/, ({ account }) => account.accounts.map((each) => ({ id: each.id, account: each }))],
  [
    "GET",
    /^\/accounts\/\w+\/subscriptions$/,
    ({ account }) => {
      if (!account.plans) throw new Refused(403, 10000, "Authentication error");
      return account.plans.map((id) => ({ id: "1", state: "Paid", rate_plan: { id, scope: "account" } }));
    },
  ],
  ["GET", /^\/accounts\/\w+\/d1\/database$/, ({ account }) => account.databases],
  [
    "POST",
    /^\/accounts\/\w+\/d1\/database$/,
    ({ account, body }) => {
      const made = { name: String(JSON.parse(body).name), uuid: databaseId };
      account.databases.push(made);
      return made;
    },
  ],
  ["GET", /^\/accounts\/\w+\/d1\/database\/([\w-]+)$/, ({ account }) => account.databases[0]],
  ["POST", /^\/accounts\/\w+\/d1\/database\/([\w-]+)\/query$/, query],
  [
    "GET",
    /^\/accounts\/\w+\/workers\/services\/(\w+)$/,
    ({ account }) => {
      if (account.worker === "none") throw noWorker();
      return {
        default_environment: { environment: "production", script: { tag: "t", last_deployed_from: "wrangler" } },
      };
    },
  ],
  ["GET", /^\/accounts\/\w+\/workers\/subdomain$/, () => ({ subdomain: "acme" })],
  [
    "GET",
    /^\/accounts\/\w+\/workers\/scripts\/(\w+)\/secrets$/,
    ({ account }) => {
      if (account.worker === "none") throw noWorker();
      return [...account.secrets.keys()].map((name) => ({ name, type: "secret_text" }));
    },
  ],
  [
    "PATCH",
    /^\/accounts\/\w+\/workers\/scripts\/(\w+)\/secrets-bulk$/,
    ({ account, body }) => {
      if (account.worker === "none") throw noWorker();
      for (const [name, { text }] of Object.entries<{ text: string }>(JSON.parse(body).secrets))
        account.secrets.set(name, text);
      return {};
    },
  ],
  [
    "PUT",
    /^\/accounts\/\w+\/workers\/scripts\/(\w+)$/,
    ({ account, body }) => {
      account.uploaded = body;
      account.worker = body.includes("export default { fetch() {} }") ? "draft" : "deployed";
      return { id: "octopool", etag: "e", startup_time_ms: 5, deployment_id: "d", tag: "t" };
    },
  ],
  ["GET", /^\/accounts\/\w+\/workers\/scripts\/(\w+)\/deployments$/, () => ({ deployments: [] })],
  ["GET", /^\/accounts\/\w+\/workers\/scripts\/?$/, () => []],
  ["PUT", /^\/accounts\/\w+\/workers\/scripts\/(\w+)\/schedules$/, () => ({})],
  [
    "GET",
    /^\/accounts\/\w+\/workers\/workers\/(\w+)$/,
    () => ({ subdomain: { enabled: false, previews_enabled: false } }),
  ],
  ["POST", /^\/accounts\/\w+\/workers\/scripts\/(\w+)\/subdomain$/, () => ({ enabled: true, previews_enabled: true })],
  [
    "POST",
    /^\/accounts\/\w+\/workers\/scripts\/(\w+)\/domains\/changeset$/,
    () => ({ added: [], removed: [], updated: [], conflicting: [] }),
  ],
  [
    "PUT",
    /^\/accounts\/\w+\/workers\/scripts\/(\w+)\/domains\/records$/,
    ({ account, body }) => {
      account.domains.push(...JSON.parse(body).origins.map(({ hostname }: { hostname: string }) => hostname));
      return {};
    },
  ],
  ["GET", /^\/accounts\/\w+\/r2\/buckets$/, ({ account }) => ({ buckets: account.buckets.map((name) => ({ name })) })],
  [
    "POST",
    /^\/accounts\/\w+\/r2\/buckets$/,
    ({ account, body }) => {
      const { name } = JSON.parse(body);
      if (account.buckets.includes(name))
        throw new Refused(409, 10004, "The bucket you tried to create already exists.");
      account.buckets.push(name);
      return {};
    },
  ],
  [
    "GET",
    /^\/accounts\/\w+\/r2\/buckets\/([\w-]+)$/,
    ({ account, parts: [bucket = ""] }) => {
      if (!account.buckets.includes(bucket)) throw new Refused(404, 10006, "The specified bucket does not exist.");
      return { name: bucket };
    },
  ],
  [
    "GET",
    /^\/accounts\/\w+\/r2\/buckets\/([\w-]+)\/lifecycle$/,
    ({ account, parts: [bucket = ""] }) => {
      if (!account.buckets.includes(bucket)) throw new Refused(404, 10006, "The specified bucket does not exist.");
      return { rules: account.lifecycle.get(bucket) ?? [] };
    },
  ],
  [
    "PUT",
    /^\/accounts\/\w+\/r2\/buckets\/([\w-]+)\/lifecycle$/,
    ({ account, body, parts: [bucket = ""] }) => {
      account.lifecycle.set(bucket, JSON.parse(body).rules);
      return {};
    },
  ],
];

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

function answer(method: string, path: string, body: string, account: AccountState): [number, unknown] {
  try {
    for (const [wanted, pattern, handle] of routes) {
      const match = wanted === method ? pattern.exec(path) : null;
      if (match)
        return [
          200,
          { success: true, errors: [], messages: [], result: handle({ account, body, parts: match.slice(1) }) },
        ];
    }
    throw new Refused(404, 7003, `no route for ${method} ${path}`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { status, code, message } = error;
    return [status, { success: false, errors: [{ code, message }], messages: [], result: null }];
  }
}

/** Listens on a free port of the loopback address. */
export async function startCloudflare(given: Partial<AccountState> = {}): Promise<CloudflareStandIn> {
  const account: AccountState = {
    accounts: [{ id: "acc0", name: "Acme" }],
    plans: ["workers_paid"],
    databases: [],
    tables: new Set(),
    applied: [],
    secrets: new Map(),
    buckets: [],
    lifecycle: new Map(),
    worker: "none",
    domains: [],
    uploaded: "",
    ...given,
  };
  const calls: string[] = [];
  const credentials = new Set<string>();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const method = request.method ?? "GET";
    calls.push(`${method} ${pathname}`);
    credentials.add(request.headers.authorization ?? "");
    const [status, value] = answer(method, pathname, await bodyOf(request), account);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  });
  return {
    url: await urlOf(server),
    account,
    calls,
    credentials,
    close: () => closeServer(server),
  };
}
