/** A relay on workerd over the emulated GitHub, after a day on which three people and a bot read through it. */
import { readFile } from "node:fs/promises";
import { emulatedScenario } from "../../scripts/demo/emulated.ts";
import { addIdentity, type Operator } from "../../scripts/stack/pool.ts";
import { type LocalRelay, startRelay } from "../../scripts/stack/relay.ts";
import { createCallerAnswerSchema } from "../../shared/admin.ts";
import { demoPath, type WorldFile, worldSchema } from "../github-emulator/index.ts";

export const pool = "maintainers";
const adminToken = "operator-of-the-browser-test";

export interface BusyPool {
  readonly relay: LocalRelay;
  /** Origin of the emulated GitHub. */
  readonly github: string;
  /** One more read by the bot. */
  read(path: string): Promise<number>;
  /** `PATCH`es, as an operator. */
  patch(path: string, body: object): Promise<void>;
  callerId(login: string): Promise<string>;
  /** One that is never used: its secret is missing. */
  addIdentity(id: string): Promise<void>;
  close(): Promise<void>;
}

export async function startBusyPool(): Promise<BusyPool> {
  const raw: WorldFile = JSON.parse(await readFile(demoPath, "utf8"));
  const world = worldSchema.parse(raw);
  const [app] = world.oauth_apps;
  const scenario = await emulatedScenario();
  const relay = await startRelay({
    githubApi: scenario.githubApi,
    bindings: {
      ...scenario.bindings,
      OCTOPOOL_ADMIN_TOKEN: adminToken,
      GITHUB_OAUTH_CLIENT_ID: app?.client_id ?? "",
      GITHUB_OAUTH_CLIENT_SECRET: app?.client_secret ?? "",
      REVOKED_TOKEN: "a-token-that-its-owner-revoked",
    },
  });
  const operator: Operator = { server: relay.url, adminToken };
  for (const identity of scenario.identities) await addIdentity(operator, pool, identity);
  const headers = { authorization: `Bearer ${adminToken}`, "content-type": "application/json" };
  const ask = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${relay.url}/v1/admin${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const tokens: string[] = [];
  for (const [login, name] of [
    ["ada-okafor", "laptop"],
    ["ada-okafor", "desktop"],
    ["release-bot", "ci-1"],
    ["triage-bot", "ci-2"],
  ] as const) {
    const created = await ask("POST", "/callers", { pool, github_login: login, name });
    tokens.push(createCallerAnswerSchema.parse(created).token);
  }
  const read = async (path: string, token = tokens[2] ?? "") => {
    const [pathname = "", query = ""] = path.split("?");
    const response = await fetch(`${relay.url}/v1/github/request`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({
        pool,
        method: "GET",
        path: pathname,
        query: Object.fromEntries(new URLSearchParams(query)),
      }),
    });
    await response.arrayBuffer();
    return response.status;
  };
  await readAround(world, tokens, read);
  // One identity whose owner withdrew consent: its first read cools it down.
  await addIdentity(operator, pool, {
    id: "old-token",
    kind: "pat",
    login: "somebody-else",
    secret_ref: "REVOKED_TOKEN",
    scopes: [{ owner: project(world)?.name.split("/")[0] ?? "" }],
  });
  await ask("PATCH", `/pools/${pool}/identities/old-token`, { weight: 1000 });
  // Reads of one repository stay with one identity, so they are of another repository of the same owner.
  for (const path of ["labels", "branches", "tags"]) await read(`/repos/${project(world)?.name}-docs/${path}`);
  await fetch(`${relay.url}/v1/pools/${pool}/stats`, { headers: { authorization: `Bearer ${tokens[0]}` } });
  await spreadOverTheDay(relay);
  return {
    relay,
    github: scenario.githubApi,
    read,
    patch: async (path, body) => void (await ask("PATCH", path, body)),
    callerId: async (login) => {
      const { callers } = Object(await ask("GET", "/callers"));
      return callers.find((caller: { github_login: string }) => caller.github_login === login)?.id;
    },
    addIdentity: (id) => addIdentity(operator, pool, { ...unused, id }),
    close: async () => {
      await relay.close();
      await scenario.close();
    },
  };
}

const unused = { kind: "pat", login: "nobody", secret_ref: "NO_SUCH_SECRET", scopes: [{ owner: "nobody" }] } as const;

/** The liveliest. */
function project(world: World) {
  return world.repositories.toSorted((a, b) => b.pulls.length - a.pulls.length)[0];
}

type World = ReturnType<typeof worldSchema.parse>;
type Read = (path: string, token?: string) => Promise<number>;

async function readAround(world: World, tokens: readonly string[], read: Read) {
  const hidden = world.repositories.find((repository) => repository.private);
  const at = (path: string) => `/repos/${project(world)?.name}/${path}`;
  const paths = [
    at("pulls?state=open"),
    at("issues?state=all&per_page=20"),
    at("releases/latest"),
    at("labels"),
    at("actions/runs?per_page=10"),
    at("contents/README.md"),
    ...(project(world)
      ?.pulls.slice(0, 6)
      .flatMap(({ number }) => [at(`pulls/${number}`), at(`issues/${number}/comments`)]) ?? []),
    ...(project(world)
      ?.issues.slice(0, 6)
      .map(({ number }) => at(`issues/${number}`)) ?? []),
  ];
  for (const token of tokens) for (const path of paths) await read(path, token);
  // Several machines at the same moment.
  await Promise.all(tokens.map((token) => read(at("milestones"), token)));
  for (const token of tokens.slice(0, 2)) await read(`/repos/${hidden?.name}/issues`, token);
  await read("/search/issues?q=flaky", tokens[3]);
}

/** The same requests again at other hours, as the audit trail would hold them: more by day than by night. */
async function spreadOverTheDay(relay: LocalRelay): Promise<void> {
  const database = await relay.runtime.getD1Database("DB");
  const columns =
    "action, request_id, pool, caller_id, client_name, route_kind, target, identity_id, status, error_code, fallback_reason, backend, cache, coalesced, github_calls, duration_ms";
  for (let hour = 23; hour >= 1; hour -= 1) {
    const share = Math.round(55 + 45 * Math.sin((hour / 23) * Math.PI * 1.6));
    await database
      .prepare(
        `insert into audit_events (at, ${columns}) select at - ? * 3600000 - (id % 53) * 40000, ${columns}
         from audit_events where action = 'request' and at > ? and (id * 37 + ?) % 100 < ?`,
      )
      .bind(hour, Date.now() - 600_000, hour * 13, share)
      .run();
  }
  // The trail is in order of time: the real requests come last.
  const now = "action = 'request' and at > ?1";
  const since = Date.now() - 600_000;
  await database.batch([
    database
      .prepare(
        `insert into audit_events (at, ${columns}) select at, ${columns} from audit_events where ${now} order by id`,
      )
      .bind(since),
    database
      .prepare(`delete from audit_events where ${now} and id <= (select max(id) from audit_events where at <= ?1)`)
      .bind(since),
  ]);
}
