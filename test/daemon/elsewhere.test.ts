/** Commands for hosts beside github.com: the whole daemon but its socket, over an emulated GitHub of each host. */
import { chmod, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerCall } from "../../daemon/answer-call.ts";
import { explainCall } from "../../daemon/explain-call.ts";
import type { CallerTokens } from "../../daemon/personal/index.ts";
import { createWorld, type DaemonWorld } from "../../daemon/world.ts";
import { type Elsewhere, type GitHub, startGitHub } from "../github-emulator/index.ts";
import { removeTree } from "../support/remove-tree.ts";

const tenant = "acme.ghe.com";
const server = "git.example.org";
const hosts = ["github.com", tenant, server] as const;
type Host = (typeof hosts)[number];
/** Accepted by every host: an answer that is not kept by host would be shared. */
const everywhere = "token-of-all";
const savedToken = (host: Host) => `token-of-${host}`;

interface Seen {
  readonly host: string;
  readonly authorization: string;
  readonly status: number;
}

let directory: string;
let githubs: Readonly<Record<Host, GitHub>>;
let relay: Server;
let relayed: number;
let seen: Seen[];
let world: DaemonWorld;

async function github(host: Host, elsewhere?: Elsewhere): Promise<GitHub> {
  return startGitHub({
    socket: join(directory, `${host}.sock`),
    elsewhere,
    world: {
      users: [{ login: "ada" }],
      tokens: [savedToken(host), everywhere, "from-the-environment"].map((token) => ({ token, login: "ada" })),
      repositories: [
        {
          name: "ada/one",
          private: true,
          labels: ["bug"],
          issues: [{ number: 1, title: `Of ${host}`, author: "ada", labels: ["bug"] }],
          pulls: [{ number: 2, title: "Change", author: "ada", head: "topic" }],
          workflows: [{ id: 11, name: "CI", path: ".github/workflows/ci.yml" }],
          runs: [{ id: 41, workflow: "CI", title: "First", branch: "main", jobs: [{ id: 401, name: "build" }] }],
          releases: [{ tag: "v1", name: "One" }],
        },
      ],
    },
  });
}

const observed = (host: Host, { engine }: GitHub): Elsewhere[string] => ({
  handle: async (incoming) => {
    const answer = await engine.handle(incoming);
    seen.push({ host, authorization: incoming.headers.authorization ?? "", status: answer?.status ?? 0 });
    return answer;
  },
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "elsewhere-"));
  [seen, relayed] = [[], 0];
  const [ofTenant, ofServer] = [await github(tenant), await github(server)];
  const others = { [tenant]: observed(tenant, ofTenant), [server]: observed(server, ofServer) };
  githubs = { "github.com": await github("github.com", others), [tenant]: ofTenant, [server]: ofServer };
  relay = createServer((_request, response) => {
    relayed++;
    response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  await mkdir(join(directory, "gh-config"));
  await writeFile(
    join(directory, "gh-config", "config.yml"),
    `version: "1"\nhttp_unix_socket: ${githubs["github.com"].socket}\n`,
  );
  await nameHosts(hosts);
  const gh = join(directory, "gh");
  // The token of the host that is asked for, of those that hosts.yml names.
  await writeFile(gh, `#!/bin/sh\n[ "$1 $2 $3" = "auth token --hostname" ] && echo "token-of-$4"\n`);
  await chmod(gh, 0o755);
  const build = { version: "2.103.3", key: "test" };
  world = createWorld({
    env: {},
    directory,
    now: Date.now,
    log: () => undefined,
    ghVersions: { of: async () => build.version, buildOf: async () => build },
  });
});

afterEach(async () => {
  await world.personal.close();
  await world.relays.close();
  relay.closeAllConnections();
  relay.close();
  await Promise.all(Object.values(githubs).map((each) => each.close()));
  await removeTree(directory);
});

async function nameHosts(named: readonly string[]): Promise<void> {
  const entries = named.map((host) => `${host}:\n    user: ada\n`);
  await writeFile(join(directory, "gh-config", "hosts.yml"), entries.join(""));
}

const tty = { stdin: false, stdout: false, stderr: false };

function callOf(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { port } = relay.address() as { port: number };
  const own = { GH_CONFIG_DIR: join(directory, "gh-config"), OCTOPOOL_GH_PATH: join(directory, "gh"), HOME: directory };
  const login = { OCTOPOOL_URL: `http://127.0.0.1:${port}`, OCTOPOOL_POOL: "p", OCTOPOOL_ALLOW_INSECURE_LOGIN: "1" };
  return { args, cwd: directory, env: { ...own, ...login, PATH: "/usr/bin:/bin", ...env }, tty };
}

async function ask(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  githubTokens: CallerTokens = {},
) {
  const outcome = await answerCall(world, {
    invocation: callOf(args, env),
    token: "op_test",
    githubTokens,
    signal: new AbortController().signal,
    emit: () => undefined,
  });
  if (outcome.kind === "native") return { native: outcome.reason, needsToken: outcome.needsToken ?? false };
  return { stdout: outcome.stdout.toString(), stderr: outcome.stderr, exitCode: outcome.exitCode };
}

const title = (host: string) => ["api", "repos/ada/one/issues/1", "--hostname", host, "--jq", ".title"];

const byRest = (host: Host) => [
  title(host),
  ["api", "repos/ada/one/labels", "--hostname", host],
  ["run", "list", "-R", `${host}/ada/one`],
  ["run", "view", "41", "-R", `${host}/ada/one`, "--json", "jobs,url"],
  ["workflow", "list", "-R", `${host}/ada/one`],
  ["release", "view", "-R", `${host}/ada/one`, "--json", "url,tagName"],
];

const ofTenants = [
  ["issue", "list", "-R", `${tenant}/ada/one`],
  ["issue", "view", `https://${tenant}/ada/one/issues/1`, "--json", "title,url"],
  ["pr", "list", "-R", `${tenant}/ada/one`, "--json", "number,url"],
  ["pr", "view", "2", "-R", `${tenant}/ada/one`],
  ["label", "list", "-R", `${tenant}/ada/one`, "--json", "name,url"],
  ["repo", "view", `${tenant}/ada/one`, "--json", "url,isPrivate"],
];

describe.each([
  [tenant, [...byRest(tenant), ...ofTenants]],
  [server, byRest(server)],
] as const)("on %s", (host, commands) => {
  test.each(commands)(
    "%s %s %s %s is answered, an unchanged one by 304s alone, with that host's token",
    async (...args) => {
      const cold = await ask(args);
      expect(cold).toMatchObject({ exitCode: 0, stderr: "" });
      expect(cold.stdout).not.toContain("https://github.com");
      expect(seen.length).toBeGreaterThan(0);
      for (const _time of ["warm", "again"]) {
        seen = [];
        expect(await ask(args)).toEqual(cold);
        expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([304]));
        expect(new Set(seen.map((each) => `${each.host} ${each.authorization}`))).toEqual(
          new Set([`${host} token ${savedToken(host)}`]),
        );
      }
      expect(githubs["github.com"].control.calls).toEqual([]);
      expect(relayed).toBe(0);
    },
  );
});

test("a GraphQL query to a server is left to gh, and the daemon asks nothing", async () => {
  expect(await ask(["issue", "list", "-R", `${server}/ada/one`])).toMatchObject({
    native: expect.stringContaining("GraphQL"),
  });
  expect(seen).toEqual([]);
});

test.each<[string, readonly string[], Readonly<Record<string, string>>]>([
  ["GH_HOST", ["api", "repos/ada/one/issues/1", "--jq", ".title"], { GH_HOST: tenant }],
  ["GH_REPO", ["issue", "view", "1", "--json", "title", "--jq", ".title"], { GH_REPO: `${tenant}/ada/one` }],
])("%s names the host", async (_name, args, env) => {
  expect(await ask(args, env)).toMatchObject({ stdout: `Of ${tenant}\n` });
});

test("the only host of hosts.yml is asked for commands that name none", async () => {
  await nameHosts([server]);
  expect(await ask(["api", "repos/ada/one/issues/1", "--jq", ".title"])).toMatchObject({ stdout: `Of ${server}\n` });
});

describe("a token", () => {
  const set = { GH_TOKEN: "set", GH_ENTERPRISE_TOKEN: "set" };
  const sent = { GH_TOKEN: "from-the-environment", GH_ENTERPRISE_TOKEN: everywhere };

  test("of the environment is sent to the hosts that gh sends it to", async () => {
    await ask(title(tenant), set, sent);
    await ask(title(server), set, sent);
    expect(seen.map(({ host, authorization }) => [host, authorization])).toEqual([
      [tenant, "token from-the-environment"],
      [server, `token ${everywhere}`],
    ]);
  });

  test("that the client kept to itself is asked for, and no other one is used instead", async () => {
    expect(await ask(title(server), { GH_ENTERPRISE_TOKEN: "set" })).toMatchObject({ needsToken: true });
    expect(await ask(title(tenant), { GH_TOKEN: "set" })).toMatchObject({ needsToken: true });
    expect(seen).toEqual([]);
  });

  test("of a server is uncertain in a codespace", async () => {
    expect(await ask(title(server), { CODESPACES: "set" })).toHaveProperty("native");
    expect(await ask(title(tenant), { CODESPACES: "set" })).toMatchObject({ stdout: `Of ${tenant}\n` });
    expect(seen.map(({ host }) => host)).toEqual([tenant]);
  });

  test.each([
    [title(server)],
    [["run", "list", "-R", `${server}/ada/one`]],
    [["api", `https://${server}/api/v3/repos/ada/one/issues/1`]],
  ])("goes to no host that gh's settings do not name: %j", async (args) => {
    await nameHosts(["github.com", tenant]);
    expect(await ask(args, set, sent)).toMatchObject({ native: "a host that gh's settings do not name" });
    expect(seen).toEqual([]);
  });

  test("that two hosts accept does not make one of their answers", async () => {
    const all = { GH_TOKEN: everywhere, GH_ENTERPRISE_TOKEN: everywhere };
    const titles = await Promise.all([tenant, server].map((host) => ask(title(host), set, all)));
    expect(titles).toMatchObject([{ stdout: `Of ${tenant}\n` }, { stdout: `Of ${server}\n` }]);
  });

  test("is not sent where a redirect leads to another host", async () => {
    const elsewhere = `https://api.${tenant}/repos/ada/one/issues/1`;
    const reads = world.personal.access(callOf([]).env, {});
    const handle = githubs[server].engine.handle.bind(githubs[server].engine);
    githubs[server].engine.handle = async () => ({
      status: 301,
      headers: { location: elsewhere },
      body: Buffer.from(""),
    });
    await expect(reads.read({ host: { name: server, server: true }, path: "/repos/ada/one/issues/1" })).rejects.toThrow(
      "another host",
    );
    githubs[server].engine.handle = handle;
    expect(seen.map(({ host }) => host)).toEqual([server]);
  });
});

test("a limit of one host is no limit of another", async () => {
  githubs[server].control.secondaryLimit({}, 60, 1);
  expect(await ask(title(server))).toHaveProperty("native");
  expect(await ask(title(server))).toHaveProperty("native");
  expect(seen.map(({ host }) => host)).toEqual([server]);
  expect(await ask(title(tenant))).toMatchObject({ stdout: `Of ${tenant}\n` });
});

test("a host that could not be reached is not tried again at once, and no other host suffers from it", async () => {
  githubs[server].control.fail("drop", {}, 2);
  expect(await ask(title(server))).toHaveProperty("native");
  seen = [];
  expect(await ask(title(server))).toEqual({
    native: "the host could not be reached a moment ago",
    needsToken: false,
  });
  expect(seen).toEqual([]);
  expect(await ask(title(tenant))).toMatchObject({ stdout: `Of ${tenant}\n` });
});

test("reads are counted by host", async () => {
  await ask(title(tenant));
  await ask(title(tenant));
  await ask(title(server));
  expect(world.personal.status).toMatchObject({
    paid: 0,
    unchanged: 0,
    hosts: { [tenant]: { paid: 1, unchanged: 1 }, [server]: { paid: 1, unchanged: 0 } },
  });
});

test("a command for another host is explained without a request", async () => {
  const explained = await explainCall(world, callOf(title(server)), { token: "op_test" });
  expect(explained).toMatchObject({
    outcome: "read",
    reads: [{ path: "/repos/ada/one/issues/1", state: "own", reason: `it is on ${server}` }],
  });
  expect(seen).toEqual([]);
  expect(relayed).toBe(0);
});
