/** Hosts beside github.com through the daemon: which are known, where their APIs are, and whose token each of them gets. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GraphqlPoints } from "../../../daemon/graphql-points.ts";
import { apiHostsOf, apiPathOf, hostsNamed } from "../../../daemon/hosts.ts";
import { ViaGh } from "../../../daemon/via/index.ts";
import { type GitHub, startGitHub } from "../../github-emulator/index.ts";
import { removeTree } from "../../support/remove-tree.ts";

test.for([
  ["github.com", ["api.github.com"]],
  ["acme.ghe.com", ["api.acme.ghe.com", "acme.ghe.com"]],
  ["git.example.org", ["git.example.org"]],
] as const)("the API of %s is at %s", ([host, api]) => {
  expect(apiHostsOf(host)).toEqual(api);
});

test.for([
  ["api.github.com", "/repos/a/b", "/repos/a/b"],
  ["api.acme.ghe.com", "/graphql", "/graphql"],
  ["git.example.org", "/api/v3/repos/a/b?page=2", "/repos/a/b?page=2"],
  ["git.example.org", "/api/graphql", "/graphql"],
  ["git.example.org", "/graphql", undefined],
  ["git.example.org", "/api/uploads/repos/a/b/releases/1/assets", undefined],
  ["uploads.github.com", "/repos/a/b/releases/1/assets", undefined],
] as const)("%s%s is %s of an API", ([host, target, path]) => {
  expect(apiPathOf({ host, target })).toBe(path);
});

test.for([
  ["-R", "git.example.org/a/b"],
  ["-Rgit.example.org/a/b"],
  ["--repo=git.example.org/a/b"],
  ["--hostname", "git.example.org"],
  ["--hostname=git.example.org"],
  ["https://git.example.org/a/b/pull/1"],
  ["https://ada:x@GIT.example.org/a/b"],
] as const)("%s %s names a host", (words) => {
  expect(hostsNamed([...words])).toEqual(["git.example.org"]);
});

test("a repository without a host, and a path, name none", () => {
  expect(hostsNamed(["-R", "a/b.c", "repos/a/b", "repos/a/b/issues"])).toEqual([]);
});

const realGh = process.env.OCTOPOOL_GH_PATH ?? "";
const tokens = {
  "github.com": "token-of-com",
  "git.example.org": "token-of-server",
  "acme.ghe.com": "token-of-tenant",
};
type Host = keyof typeof tokens;
const hosts = Object.keys(tokens) as Host[];

let directory: string;
let githubs: ReadonlyMap<Host, GitHub>;
let front: Server;
let seen: { readonly host: string; readonly authorization: string; readonly status: number }[];
let via: ViaGh;
let open: boolean;
let writes: (string | undefined)[];

/** A GitHub of each host behind one socket, as gh sends the requests of every host to the one of its settings. */
async function startHosts(socket: string): Promise<void> {
  githubs = new Map(
    await Promise.all(
      hosts.map(async (host) => {
        const github = await startGitHub({
          socket: join(directory, `${host}.sock`),
          world: {
            users: [{ login: "ada" }],
            tokens: [tokens[host], "token-of-all"].map((token) => ({ token, login: "ada" })),
            repositories: [
              { name: "ada/one", private: true, issues: [{ number: 1, title: `Of ${host}`, author: "ada" }] },
            ],
          },
        });
        return [host, github] as const;
      }),
    ),
  );
  front = createServer((incoming, outgoing) => {
    const { host = "", authorization = "" } = incoming.headers;
    const meant = hosts.find((each) => apiHostsOf(each).includes(host));
    const github = meant && githubs.get(meant);
    const path = apiPathOf({ host, target: incoming.url ?? "" });
    if (github?.socket === undefined || path === undefined) {
      outgoing.writeHead(421).end();
      return;
    }
    const options = { socketPath: github.socket, path, method: incoming.method, headers: incoming.headers };
    incoming.pipe(
      request(options, (answer) => {
        seen.push({ host, authorization, status: answer.statusCode ?? 0 });
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(outgoing);
      }),
    );
  });
  front.listen(socket);
  await once(front, "listening");
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "via-hosts-"));
  seen = [];
  open = true;
  writes = [];
  const socket = join(directory, "github.sock");
  await startHosts(socket);
  await mkdir(join(directory, "config"));
  await writeFile(join(directory, "config", "config.yml"), `version: "1"\nhttp_unix_socket: ${socket}\n`);
  const entry = (host: Host) => `${host}:\n    user: ada\n    oauth_token: ${tokens[host]}\n    git_protocol: https\n`;
  await writeFile(join(directory, "config", "hosts.yml"), hosts.map(entry).join(""));
  via = new ViaGh({
    points: new GraphqlPoints(),
    directory: join(directory, "via"),
    now: () => Date.now(),
    graphqlSeconds: 5,
    onWrite: (repository) => writes.push(repository),
    writtenAt: () => 0,
    onTrouble: () => undefined,
    log: () => undefined,
  });
});

afterEach(async () => {
  await via.close();
  front.closeAllConnections();
  front.close();
  await Promise.all([...githubs.values()].map((github) => github.close()));
  await removeTree(directory);
});

type Env = Readonly<Record<string, string>>;

function run(configDirectory: string, args: readonly string[], extra: Env) {
  const env = { PATH: "/usr/bin:/bin", HOME: directory, ...extra, GH_CONFIG_DIR: configDirectory };
  return new Promise<{ stdout: string; stderr: string; code: number }>((resolve) => {
    execFile(realGh, args, { env, cwd: directory }, (error, stdout, stderr) => {
      resolve({ stdout, stderr, code: error ? Number(error.code ?? 1) : 0 });
    });
  });
}

const overlay = (args: readonly string[], env: Env = {}) =>
  via.overlay({ args, env: { GH_CONFIG_DIR: join(directory, "config"), ...env } }, () => open);

const issue = ["issue", "view", "1", "--json", "title"];
const cases: readonly (readonly [Host, readonly string[], Env?])[] = [
  ["github.com", [...issue, "-R", "ada/one"]],
  ["git.example.org", [...issue, "-R", "git.example.org/ada/one"]],
  ["acme.ghe.com", [...issue, "-R", "acme.ghe.com/ada/one"]],
  ["git.example.org", [...issue, "-R", "ada/one"], { GH_HOST: "git.example.org" }],
  ["acme.ghe.com", [...issue, "-R", "ada/one"], { GH_HOST: "acme.ghe.com" }],
  ["git.example.org", ["api", "repos/ada/one/issues/1", "--jq", ".title", "--hostname", "git.example.org"]],
  ["acme.ghe.com", ["api", "repos/ada/one/issues/1", "--jq", ".title", "--hostname=acme.ghe.com"]],
  ["github.com", ["api", "repos/ada/one/issues/1", "--jq", ".title"]],
  ["git.example.org", ["label", "list"], { GH_REPO: "git.example.org/ada/one" }],
];

describe.skipIf(realGh === "")("the real gh with several hosts", () => {
  test("prints the bytes of plain gh, cold and warm, and each host is sent its own token only", async () => {
    const asked = new Set<Host>();
    for (const [host, args, env = {}] of cases) {
      const made = await overlay(args, env);
      if ("refused" in made) throw new Error(`${args.join(" ")}: ${made.refused}`);
      const expected = await run(join(directory, "config"), args, env);
      expect(expected.code, expected.stderr).toBe(0);
      seen = [];
      expect(await run(made.directory, args, env)).toEqual(expected);
      expect(await run(made.directory, args, env)).toEqual(expected);
      for (const each of seen) {
        asked.add(host);
        expect(apiHostsOf(host)).toContain(each.host);
        expect(each.authorization).toBe(`token ${tokens[host]}`);
      }
    }
    // A query that another case asked a moment ago is not sent again.
    expect(asked).toEqual(new Set(cases.map(([host]) => host)));
  });

  test("the same request of two hosts with one token is not one", async () => {
    const shared = { GH_TOKEN: "token-of-all", GH_ENTERPRISE_TOKEN: "token-of-all" };
    const titles: string[] = [];
    for (const host of hosts) {
      const made = await overlay(["api"]);
      if ("refused" in made) throw new Error(made.refused);
      titles.push(
        (await run(made.directory, ["api", "repos/ada/one/issues/1", "--jq", ".title", "--hostname", host], shared))
          .stdout,
      );
    }
    expect(titles).toEqual(hosts.map((host) => `Of ${host}\n`));
  });

  test("an unchanged read of a GitHub Enterprise Server costs no budget on its second call", async () => {
    const args = ["api", "repos/ada/one/issues/1", "--hostname", "git.example.org"];
    const made = await overlay(args);
    if ("refused" in made) throw new Error(made.refused);
    await run(made.directory, args, {});
    await run(made.directory, args, {});
    expect(seen.map(({ status }) => status)).toEqual([200, 304]);
  });
});

test.for([
  [["issue", "list", "-R", "other.example.org/a/b"]],
  [["api", "user", "--hostname", "other.example.org"]],
  [["issue", "view", "https://other.example.org/a/b/issues/1"]],
] as const)("%s: a host that gh's settings do not name means gh with its own settings", async ([args]) => {
  expect(await overlay(args)).toHaveProperty("refused");
});

test.for(['"github.com":\n    user: ada\n', "github.com: {user: ada}\n", "ghe.example.org:8443:\n    user: ada\n"])(
  "a hosts.yml that is written otherwise than gh writes it means gh with its own settings: %j",
  async (text) => {
    await writeFile(join(directory, "config", "hosts.yml"), text);
    expect(await overlay(issue)).toHaveProperty("refused");
  },
);

test.each([
  ["api.github.com", "/repos/ada/one/issues/1", "{}", "ada/one"],
  ["git.example.org", "/api/v3/repos/ada/one/issues/1", "{}", "git.example.org/ada/one"],
  ["api.acme.ghe.com", "/repos/ada/one/issues/1", "{}", "acme.ghe.com/ada/one"],
  ["acme.ghe.com", "/api/v3/user/repos", "{}", "acme.ghe.com/*/*"],
  ["api.github.com", "/user/repos", "{}", undefined],
  ["git.example.org", "/api/graphql", '{"query":"mutation { x }"}', "git.example.org/*/*"],
  ["api.github.com", "/graphql", '{"query":"mutation { x }"}', undefined],
] as const)("a write to %s%s marks that host alone", async (host, path, body, marked) => {
  const made = await overlay(["api"]);
  if ("refused" in made) throw new Error(made.refused);
  const config = await readFile(join(made.directory, "config.yml"), "utf8");
  const socketPath = /^http_unix_socket: (.*)$/m.exec(config)?.[1] ?? "";
  const asked = request({ socketPath, path, method: "POST", headers: { host } });
  asked.end(body);
  const [answer] = await once(asked, "response");
  answer.resume();
  await once(answer, "end");
  expect(new Set(writes)).toEqual(new Set([marked]));
});

test("by the network every host of the settings must be known to be reached", async () => {
  await writeFile(join(directory, "config", "config.yml"), 'version: "1"\n');
  const asked: string[] = [];
  const only = (reached: readonly string[]) => (host: string) => {
    asked.push(host);
    return reached.includes(host);
  };
  const env = { GH_CONFIG_DIR: join(directory, "config") };
  const all = ["api.github.com", "git.example.org", "api.acme.ghe.com", "acme.ghe.com"];
  expect(await via.overlay({ args: issue, env }, only(["api.github.com"]))).toHaveProperty("refused");
  expect(asked).toEqual(all);
  expect(await via.overlay({ args: issue, env }, only(all))).toHaveProperty("directory");
});
