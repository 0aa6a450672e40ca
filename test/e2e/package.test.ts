/**
 * The packages as users install them: the npm package in an empty prefix with each Node that is supported, and the
 * single-file executable. `OCTOPOOL_TEST_NODE_22` names a Node 22; the executable is there after `npm run binaries`.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newHome } from "../cli/support/octopool.ts";
import { envelope, on, startScriptedRelay } from "../cli/support/relay.ts";
import { removeTree } from "../support/remove-tree.ts";

const root = join(import.meta.dirname, "../..");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The whole of a first day: version, login, two reads, the same as `gh`. */
async function firstDay(octopool: string, path: string): Promise<void> {
  const issue = '{"id":1,"number":7,"title":"Broken"}';
  const relay = await startScriptedRelay(
    on("POST", "/v1/github/request", () => envelope(issue, { route_kind: "issue_view" })),
  );
  const home = newHome();
  const env = { ...home.env, PATH: [home.env.PATH, path].join(delimiter) };
  const run = async (program: string, ...args: readonly string[]) => {
    const { stdout, stderr, exitCode } = await execa(program, args, {
      env,
      extendEnv: false,
      cwd: home.directory,
      reject: false,
    });
    return { stdout, stderr, exitCode };
  };
  expect(await run(octopool, "--version")).toEqual({ stdout: `octopool ${version}`, stderr: "", exitCode: 0 });
  expect(await run(octopool, "login", relay.url)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("as mona"),
  });
  const read = ["api", "/repos/acme/web/issues/7", "--jq", ".title"];
  const answer = { stdout: "Broken", stderr: "", exitCode: 0 };
  expect(await run(octopool, "gh", ...read)).toEqual(answer);
  const link = join(home.directory, "gh");
  symlinkSync(octopool, link);
  expect(await run(link, ...read)).toEqual(answer);
  expect(relay.received.filter((request) => request.path === "/v1/github/request")).toHaveLength(1);
  expect((await run(octopool, "doctor", "--json")).stdout).toContain('"name":"daemon"');
  // Without a real gh, commands that need it say so and end as a shell would.
  expect(await run(link, "pr", "merge", "7")).toMatchObject({
    exitCode: 127,
    stderr: expect.stringContaining("cli.github.com"),
  });
}

describe("the npm package", () => {
  let prefix: string;

  beforeAll(async () => {
    prefix = mkdtempSync(join(tmpdir(), "octopool-prefix-"));
    await execa(process.execPath, [join(root, "scripts/pack.ts")], { env: { PATH: process.env.PATH ?? "" } });
    const tarball = join(root, "artifacts", `octopool-${version}.tgz`);
    await execa("npm", [
      "install",
      "--global",
      "--prefix",
      prefix,
      "--offline",
      // An empty cache, as on a machine that has never seen the optional keyring.
      "--cache",
      join(prefix, "cache"),
      "--omit=optional",
      "--no-audit",
      tarball,
    ]);
  });

  afterAll(() => removeTree(prefix));

  test("works in an empty prefix with the Node it is developed with", async () => {
    await firstDay(join(prefix, "bin/octopool"), dirname(process.execPath));
  });

  const node22 = process.env.OCTOPOOL_TEST_NODE_22;
  test.skipIf(node22 === undefined)("works with Node 22 (needs OCTOPOOL_TEST_NODE_22)", async () => {
    await firstDay(join(prefix, "bin/octopool"), dirname(node22 ?? ""));
  });

  test("brings no dependency but the optional keyring", () => {
    const manifest = JSON.parse(readFileSync(join(prefix, "lib/node_modules/octopool/package.json"), "utf8"));
    expect(manifest).not.toHaveProperty("dependencies");
    expect(manifest).not.toHaveProperty("scripts");
    const modules = join(prefix, "lib/node_modules/octopool/node_modules");
    const packages = existsSync(modules) ? readdirSync(modules, { recursive: true, encoding: "utf8" }) : [];
    expect(packages.filter((name) => name.endsWith("package.json"))).toEqual([]);
  });
});

const platform = `${process.platform === "darwin" ? "macos" : process.platform}-${process.arch}`;
const executable = join(root, "artifacts", `octopool-${version}-${platform}`);

describe.skipIf(!existsSync(executable))("the single-file executable (needs npm run binaries)", () => {
  test("works without any Node, under both of its names", async () => {
    await firstDay(executable, "/nowhere");
  });
});
