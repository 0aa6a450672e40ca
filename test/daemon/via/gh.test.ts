import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GraphqlPoints } from "../../../daemon/graphql-points.ts";
import { ViaGh } from "../../../daemon/via/index.ts";
import { applyChange, type GitHub, startGitHub } from "../../github-emulator/index.ts";
import { removeTree } from "../../support/remove-tree.ts";

const realGh = process.env.OCTOPOOL_GH_PATH ?? "";

let directory: string;
let github: GitHub;
let via: ViaGh;
let writes: (string | undefined)[];
let time: number;
let written: number;
let failures: boolean[];
let open: boolean;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "via-"));
  github = await startGitHub({
    world: {
      users: [{ login: "ada" }],
      tokens: [{ token: "ada-token", login: "ada" }],
      repositories: [
        {
          name: "ada/secret",
          private: true,
          labels: ["bug"],
          issues: [{ number: 1, title: "First", author: "ada" }],
          files: { "README.md": "hello\n" },
        },
      ],
    },
    socket: join(directory, "github.sock"),
  });
  await mkdir(join(directory, "config"));
  const config = `version: "1"\neditor: vi\nhttp_unix_socket: ${join(directory, "github.sock")}\naliases:\n    co: pr checkout\n`;
  await writeFile(join(directory, "config", "config.yml"), config);
  writes = [];
  time = Date.now();
  written = 0;
  failures = [];
  open = true;
  via = new ViaGh({
    points: new GraphqlPoints(),
    directory: join(directory, "via"),
    now: () => time,
    graphqlSeconds: 5,
    onWrite: (repository) => writes.push(repository),
    writtenAt: () => written,
    onTrouble: (failed) => failures.push(failed),
    log: () => undefined,
  });
});

afterEach(async () => {
  await via.close();
  await github.close();
  await removeTree(directory);
});

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

function run(configDirectory: string, args: readonly string[]): Promise<Ran> {
  const env = { PATH: "/usr/bin:/bin", HOME: directory, GH_CONFIG_DIR: configDirectory, GH_TOKEN: "ada-token" };
  return new Promise((resolve) => {
    execFile(realGh, args, { env, cwd: directory }, (error, stdout, stderr) => {
      resolve({ stdout, stderr, code: error ? Number(error.code ?? 1) : 0 });
    });
  });
}

const overlay = (env: Readonly<Record<string, string>>) => via.overlay({ env, args: ["issue", "list"] }, () => open);
const plain = (...args: string[]) => run(join(directory, "config"), args);
async function through(...args: string[]): Promise<Ran> {
  const made = await overlay({ GH_CONFIG_DIR: join(directory, "config") });
  if ("refused" in made) throw new Error(made.refused);
  return run(made.directory, args);
}

const commands: readonly (readonly string[])[] = [
  ["issue", "view", "1", "-R", "ada/secret"],
  ["issue", "list", "-R", "ada/secret", "--json", "number,title,labels"],
  ["label", "list", "-R", "ada/secret"],
  ["api", "repos/ada/secret/issues/1"],
  ["api", "repos/ada/secret/contents/README.md", "-H", "accept: application/vnd.github.raw"],
  ["api", "graphql", "-f", "query={viewer{login}}"],
  ["api", "repos/ada/nothing"],
  ["issue", "view", "99", "-R", "ada/secret"],
  ["repo", "view", "ada/secret", "--json", "name,visibility"],
];

test.skipIf(!realGh)("the real gh through the daemon prints the bytes of plain gh, cold and warm", async () => {
  for (const command of commands) {
    const expected = await plain(...command);
    expect(await through(...command)).toEqual(expected);
    expect(await through(...command)).toEqual(expected);
  }
});

test.skipIf(!realGh)("an unchanged REST read of gh's costs no budget on its second call", async () => {
  await through("api", "repos/ada/secret/issues/1");
  github.control.resetCalls();
  await through("api", "repos/ada/secret/issues/1");
  expect(github.control.calls.map(({ status }) => status)).toEqual([304]);
});

test.skipIf(!realGh)(
  "a page that filled up gets a next one: gh sees it, though the page itself is unchanged",
  async () => {
    const comments = "repos/ada/secret/issues/1/comments";
    const read = (size: number) => ["api", `${comments}?per_page=${size}`, "--paginate", "--jq", ".[].body"];
    const write = (body: string) => ["api", "-X", "POST", comments, "-f", `body=${body}`];
    for (const body of ["first", "second"]) await plain(...write(body));
    for (const size of [2, 1]) expect((await through(...read(size))).stdout).toBe("first\nsecond\n");
    await plain(...write("third"));
    for (const size of [2, 1]) expect((await through(...read(size))).stdout).toBe("first\nsecond\nthird\n");
  },
);

test.skipIf(!realGh)("a GraphQL query is kept for some seconds, and not past a write", async () => {
  const query = ["api", "graphql", "-f", 'query={repository(owner:"ada",name:"secret"){issue(number:1){title}}}'];
  const first = await through(...query);
  github.control.resetCalls();
  expect(await through(...query)).toEqual(first);
  expect(github.control.calls).toEqual([]);
  await through("api", "-X", "PATCH", "repos/ada/secret/issues/1", "-f", "title=Renamed");
  expect(writes).toContain("ada/secret");
  expect((await through(...query)).stdout).toContain("Renamed");
  github.mutate((world) => applyChange(world, { repository: "ada/secret", issue: 1, set: { title: "Again" } }));
  expect((await through(...query)).stdout).toContain("Renamed");
  time += 5_001;
  expect((await through(...query)).stdout).toContain("Again");
});

test.skipIf(!realGh)("a query of a field that others decide by always asks GitHub", async () => {
  const query = ["api", "graphql", "-f", 'query={repository(owner:"ada",name:"secret"){issue(number:1){state}}}'];
  await through(...query);
  github.control.resetCalls();
  await through(...query);
  expect(github.control.calls).toHaveLength(1);
});

test("gh's own files are not touched, and a copy is never made of a copy", async () => {
  const before = await readFile(join(directory, "config", "config.yml"), "utf8");
  const made = await overlay({ GH_CONFIG_DIR: join(directory, "config") });
  if ("refused" in made) throw new Error(made.refused);
  const copy = await readFile(join(made.directory, "config.yml"), "utf8");
  expect(copy).toBe(before.replace(/http_unix_socket: .*/, `http_unix_socket: ${join(directory, "via", "0.sock")}`));
  expect(await readFile(join(directory, "config", "config.yml"), "utf8")).toBe(before);
  expect(await overlay({ GH_CONFIG_DIR: made.directory })).toHaveProperty("refused");
});

test.for([
  ["no config.yml", { GH_CONFIG_DIR: "/nonexistent" }],
  ["a proxy", { HTTPS_PROXY: "http://127.0.0.1:1" }],
  ["a proxy in lower case", { all_proxy: "socks5://127.0.0.1:1" }],
  ["certificates of its own", { SSL_CERT_FILE: "/etc/ssl/other.pem" }],
] as const)("%s means gh with its own settings", async ([, env]) => {
  expect(await overlay({ GH_CONFIG_DIR: join(directory, "config"), ...env })).toHaveProperty("refused");
});
