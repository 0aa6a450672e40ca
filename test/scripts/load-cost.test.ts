/** Programs do not pay while they load for parts that most calls never use. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { bundleForNode } from "../../scripts/bundle-worker.ts";

/** Notes which of a language's tools are made, and says so at the end, on standard error. */
const watch = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from "node:fs";
  const made = [];
  for (const name of Object.getOwnPropertyNames(Intl).filter((each) => typeof Intl[each] === "function"))
    Intl[name] = new Proxy(Intl[name], {
      construct: (target, args) => (made.push(name), Reflect.construct(target, args)),
    });
  process.on("exit", () => writeSync(2, JSON.stringify(made)));`)}`;

/** A Node's output, and the tools that it made. */
function run(...args: readonly string[]): { readonly stdout: string; readonly made: unknown } {
  const env = { PATH: process.env.PATH, HOME: "/nowhere" };
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--import", watch, ...args], {
    encoding: "utf8",
    env,
  });
  expect(status, stderr).toBe(0);
  return { stdout, made: JSON.parse(stderr) };
}

const load = "for (const file of process.argv.slice(1)) await import(file); process.exit();";

/** Of zod's messages in Dutch: all of its languages come together. */
const dutch = "Ongeldige";

async function expectCheap(...files: readonly string[]): Promise<void> {
  for (const file of files) expect((await readFile(file, "utf8")).includes(dutch), file).toBe(false);
  expect(run("--input-type=module", "-e", load, ...files).made).toEqual([]);
}

test("the installed programs load without a language's tools and messages", async () => {
  const programs = ["cli.cjs", "daemon.cjs", "work.cjs", "embedded.cjs"];
  await expectCheap(...programs.map((name) => join(dirname(inject("octopool")), name)));
});

test("a table of text is printed without a language's tools", () => {
  const { stdout, made } = run(inject("octopool"), "config", "list");
  expect(stdout).toMatch(/^KEY +VALUE +FROM\n/);
  expect(made).toEqual([]);
});

test("the relay loads without a language's tools and messages", async () => {
  const directory = await mkdtemp(join(tmpdir(), "octopool-load-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const outfile = join(directory, "relay.mjs");
  await bundleForNode(outfile);
  await expectCheap(outfile);
});
