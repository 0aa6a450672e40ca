import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { scrubRows } from "../../../relay-worker/admin/forget.ts";
import { auditPageSchema, forgetCallerAnswerSchema, identityAnswerSchema } from "../../../shared/admin.ts";
import { recordingDatabase } from "../support/counting.ts";
import { json } from "../support/github.ts";
import { advance, TestRelay, type WorkerAnswer } from "../support/relay.ts";

const path = "/repos/acme/widgets/pulls/7";
const pool = "/pools/maintainers";
let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github.public("acme/widgets").on(path, () => json({ number: 7, state: "open" }, { headers: { etag: '"1"' } }));
});

const codeOf = ({ status, body }: WorkerAnswer) => `${status} ${(body as { error?: { code: string } }).error?.code}`;
const newest = async () => auditPageSchema.parse((await relay.admin("/audit?limit=1")).body).events[0];
const count = (table: string) => env.DB.prepare(`select count(*) as n from ${table}`).first<number>("n");

/** Every value of every table, the names of operators' changes apart. */
async function everythingStored(): Promise<string> {
  const { results: tables } = await env.DB.prepare(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '\\_cf%' escape '\\' and name <> 'd1_migrations'",
  ).all<{ name: string }>();
  const rows = tables.map(({ name }) => env.DB.prepare(`select * from ${name}`).all());
  return JSON.stringify((await Promise.all(rows)).map(({ results }) => results));
}

describe("a caller is forgotten", () => {
  let id: string;
  let token: string;

  beforeEach(async () => {
    ({ id, token } = await relay.caller("hubot", { name: "hubots-laptop" }));
    await relay.read(path, { token });
    await relay.read(path);
    await env.DB.prepare(
      "insert into web_sessions (hash, caller_id, created_at, expires_at) values ('hash', ?, 1, 9e12)",
    )
      .bind(id)
      .run();
  });

  test("with tokens, grants and browser sessions, and works no longer at once", async () => {
    const { status, body } = await relay.admin(`/callers/${id}`, "DELETE");
    expect([status, forgetCallerAnswerSchema.parse(body)]).toEqual([200, { id, audit_events: 1 }]);
    expect(await relay.refusal(path, { token })).toBe("401 invalid_auth");
    expect(await Promise.all(["callers", "caller_tokens", "caller_pools", "web_sessions"].map(count))).toEqual([
      1, 1, 1, 0,
    ]);
    expect(codeOf(await relay.admin(`/callers/${id}`, "DELETE"))).toBe("404 not_found");
    expect((await relay.read(path)).status).toBe(200);
  });

  test("neither login nor machine is stored any more, and their requests still count", async () => {
    await relay.admin(`/callers/${id}`, "DELETE");
    expect(await everythingStored()).not.toMatch(/hubot/);
    const { events } = auditPageSchema.parse((await relay.admin("/audit?action=request")).body);
    expect(events.map(({ caller, client }) => [caller === null, client])).toEqual([
      [false, "admin"],
      [true, null],
    ]);
  });

  test("added-up hours of the trail have no caller, as if they were added up anew", async () => {
    const hours = async () =>
      (await env.DB.prepare("select * from audit_hours order by pool, dimension, hour, key, detail").all()).results;
    advance(2 * 3_600_000);
    await relay.read(path, { token });
    await relay.scheduled();
    const before = await hours();
    expect(JSON.stringify(before)).toContain(id);
    await relay.admin(`/callers/${id}`, "DELETE");
    const after = await hours();
    expect(JSON.stringify(after)).not.toMatch(new RegExp(`${id}|hubot`));
    await env.DB.batch([env.DB.prepare("delete from audit_hours"), env.DB.prepare("delete from audit_folds")]);
    await relay.scheduled();
    expect(await hours()).toEqual(after);
    expect(after.length).toBeGreaterThan(0);
  });

  test("an isolate that remembers sums does not go on naming them", async () => {
    advance(2 * 3_600_000);
    await relay.scheduled();
    const isolate = relay.sibling();
    const stats = async () =>
      JSON.stringify(
        (await isolate.ask("/v1/pools/maintainers/stats", { headers: { authorization: `Bearer ${relay.token}` } }))
          .body,
      );
    expect(await stats()).toContain(id);
    await relay.admin(`/callers/${id}`, "DELETE");
    expect(await stats()).not.toContain(id);
  });

  test("an isolate that still remembers them writes down reads without a caller", async () => {
    const isolate = relay.sibling();
    await isolate.read(path, { token });
    await relay.admin(`/callers/${id}`, "DELETE");
    expect((await isolate.read(path, { token })).relay.cache).toBe("hit");
    await isolate.read(path);
    expect(await everythingStored()).not.toMatch(/hubot/);
    const { events } = auditPageSchema.parse((await relay.admin("/audit?action=request&limit=2")).body);
    expect(events.map(({ caller, client }) => [caller === null, client])).toEqual([
      [false, "admin"],
      [true, null],
    ]);
  });

  test("the change is in the trail, by the id alone", async () => {
    await relay.admin(`/callers/${id}`, "DELETE");
    expect(await newest()).toMatchObject({ action: "caller.forget", target: id, caller: null, client: null });
  });

  test("the trail is walked in bounded steps along its key", async () => {
    await env.DB.prepare(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${scrubRows * 2})
       insert into audit_events (at, action, request_id, status, caller_id) select 1, 'request', 'r' || i, 200, ? from n`,
    )
      .bind(id)
      .run();
    const { DB, statements } = recordingDatabase();
    const { body } = await relay.sibling({ DB }).admin(`/callers/${id}`, "DELETE");
    expect(forgetCallerAnswerSchema.parse(body).audit_events).toBe(scrubRows * 2 + 1);
    const steps = statements.filter((sql) => /^update "audit_events"/.test(sql));
    expect(steps).toHaveLength(3);
    const [step = ""] = steps;
    const { results } = await env.DB.prepare(`explain query plan ${step}`)
      .bind(...(step.match(/\?/g) ?? []).map(() => 1))
      .all<{ detail: string }>();
    expect(results.map(({ detail }) => detail).join("; ")).toMatch(/USING INTEGER PRIMARY KEY/);
  });
});

describe("an identity is removed", () => {
  test("with its scopes, and answers no more", async () => {
    const { status, body } = await relay.admin(`${pool}/identities/pat_one`, "DELETE");
    expect([status, identityAnswerSchema.parse(body).identity.id]).toEqual([200, "pat_one"]);
    expect(await Promise.all(["identities", "identity_scopes"].map(count))).toEqual([0, 0]);
    expect(await relay.refusal(path)).toBe("424 fallback_local no_identity");
    expect(await newest()).toMatchObject({ action: "request" });
    const { events } = auditPageSchema.parse((await relay.admin("/audit?action=identity.remove")).body);
    expect(events).toMatchObject([{ pool: "maintainers", target: "pat_one" }]);
  });

  test("only from its own pool", async () => {
    expect(codeOf(await relay.admin("/pools/other/identities/pat_one", "DELETE"))).toBe("404 not_found");
    expect(codeOf(await relay.admin(`${pool}/identities/none`, "DELETE"))).toBe("404 not_found");
    expect(await count("identities")).toBe(1);
  });

  test("leaves its answers to another identity, which revalidates them, and its budget stays known", async () => {
    await relay.identity({ id: "pat_two", login: "bot-two", secret_ref: "PAT_TWO" });
    const first = (await relay.read(path)).identity?.id ?? "";
    await relay.admin(`${pool}/identities/${first}`, "DELETE");
    advance(3_600_000);
    const { identity } = await relay.read(path);
    expect([first, identity?.id].sort()).toEqual(["pat_one", "pat_two"]);
    await relay.admin(`${pool}/identities/${identity?.id}`, "DELETE");
    const { body } = await relay.admin(`${pool}/coordinator`);
    expect(JSON.stringify(body)).toContain("user:bot-");
  });
});
