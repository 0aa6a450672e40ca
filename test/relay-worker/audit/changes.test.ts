import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { patchIdentity } from "../../../relay-worker/admin/identities.ts";
import { auditPageSchema } from "../../../shared/admin.ts";
import { startOfTime, TestRelay, type WorkerAnswer } from "../support/relay.ts";

const pool = "/pools/maintainers";
let relay: TestRelay;
let caller: string;

beforeEach(async () => {
  relay = await TestRelay.create();
  ({ id: caller } = await relay.caller("hubot"));
});

const codeOf = ({ status, body }: WorkerAnswer) => `${status} ${(body as { error?: { code: string } }).error?.code}`;

/** The state that operators change, without the trail. */
async function stored(): Promise<unknown> {
  const tables = ["pools", "callers", "caller_tokens", "caller_pools", "identities", "identity_scopes", "web_sessions"];
  const rows = await Promise.all(tables.map((table) => env.DB.prepare(`select * from ${table}`).all()));
  return rows.map(({ results }) => results);
}

const identity = { id: "new", kind: "pat", login: "b", secret_ref: "PAT_ONE", scopes: [{ owner: "*" }] };
const changes: readonly (readonly [string, () => Promise<WorkerAnswer>])[] = [
  ["policy.set", () => relay.admin(`${pool}/policy`, "PATCH", { allow_search: true })],
  ["policy.set of a new pool", () => relay.admin("/pools/fresh/policy", "PATCH", { allow_search: true })],
  ["cache.purge", () => relay.admin(`${pool}/cache?repo=acme/widgets`, "DELETE")],
  ["identity.upsert", () => relay.admin("/pools/fresh/identities", "POST", identity)],
  ["identity.change", () => relay.admin(`${pool}/identities/pat_one`, "PATCH", { weight: 3 })],
  ["identity.remove", () => relay.admin(`${pool}/identities/pat_one`, "DELETE")],
  ["caller.create", () => relay.admin("/callers", "POST", { pool: "fresh", github_login: "new" })],
  ["caller.create of one that is known", () => relay.admin("/callers", "POST", { pool: "p", github_login: "hubot" })],
  ["caller.disable", () => relay.admin(`/callers/${caller}`, "PATCH", { disabled: true })],
  ["caller.withdraw_dashboard", () => relay.admin(`/callers/${caller}`, "PATCH", { dashboard_role: null })],
  ["caller.forget", () => relay.admin(`/callers/${caller}`, "DELETE")],
  [
    "token.revoke",
    async () => {
      const id = await env.DB.prepare("select id from caller_tokens where caller_id = ?").bind(caller).first("id");
      return relay.admin(`/callers/${caller}/tokens/${id}`, "DELETE");
    },
  ],
];

describe("an operator's change and its row in the trail are one", () => {
  test.each(changes)("%s does not happen when its row cannot be written", async (_name, change) => {
    await env.DB.prepare("alter table audit_events rename to gone").run();
    const before = await stored();
    expect(codeOf(await change())).toBe("503 relay_overloaded");
    expect(await stored()).toEqual(before);
  });

  test.each(changes)("%s leaves exactly one", async (name, change) => {
    const rows = async () =>
      auditPageSchema.parse((await relay.admin("/audit?limit=200")).body).events.map(({ action }) => action);
    const before = await rows();
    expect((await change()).status).toBeLessThan(300);
    expect(await rows()).toEqual([name.split(" ")[0], ...before]);
  });

  test("a change that is refused leaves none", async () => {
    const before = await env.DB.prepare("select count(*) as n from audit_events").first("n");
    await relay.admin(`${pool}/identities/none`, "PATCH", { weight: 3 });
    await relay.admin("/callers/nobody", "PATCH", { disabled: true });
    await relay.admin(`/callers/${caller}/tokens/none`, "DELETE");
    await relay.admin(`${pool}/cache?repo=nothing`, "DELETE");
    expect(await env.DB.prepare("select count(*) as n from audit_events").first("n")).toBe(before);
  });

  test("it names its author, where that is known", async () => {
    const { memory } = relay;
    const deps = { clock: () => 1, memory, fetch: relay.github.fetch, pause: () => Promise.resolve() };
    const by = { callerId: caller, clientName: "dashboard" };
    const context = { deps, env: relay.env, requestId: "r", background: () => {}, by };
    await patchIdentity(context, "maintainers", "pat_one", { disabled: true });
    const { events } = auditPageSchema.parse((await relay.admin("/audit?action=identity.change")).body);
    expect(events).toMatchObject([{ caller, client: "dashboard", target: "pat_one disabled=true" }]);
  });
});

test("operators' changes are found among twelve thousand reads", async () => {
  await env.DB.prepare(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < 12000)
     insert into audit_events (at, action, request_id, pool, status) select ${startOfTime}, 'request', 'r' || i, 'maintainers', 200 from n`,
  ).run();
  await relay.admin(`${pool}/policy`, "PATCH", { allow_logs: false });
  const ask = async (query: string) => auditPageSchema.parse((await relay.admin(`/audit?${query}`)).body);
  const page = await ask("changes=1&limit=100");
  expect(page.events.map(({ action }) => action)).toEqual([
    "policy.set",
    "caller.create",
    "caller.create",
    "identity.upsert",
  ]);
  expect(page.next_cursor).toBeNull();
  expect((await ask("changes=1&pool=other")).events).toEqual([]);
  expect((await ask("limit=2")).events.map(({ action }) => action)).toEqual(["policy.set", "request"]);
  expect(codeOf(await relay.admin("/audit?changes=yes"))).toBe("400 invalid_request");
});
