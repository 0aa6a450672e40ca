/** Programs do not pay while they load for parts that most calls never use. */
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { expect, inject, onTestFinished, test } from "vitest";
import { workerBundle } from "../../scripts/bundle-worker.ts";

const root = join(import.meta.dirname, "../..");

/** Loads modules and prints the names of the languages' tools that they made. */
const load = `
  const made = [];
  for (const name of Object.getOwnPropertyNames(Intl).filter((each) => typeof Intl[each] === "function"))
    Intl[name] = new Proxy(Intl[name], {
      construct: (target, args) => (made.push(name), Reflect.construct(target, args)),
    });
  for (const file of process.argv.slice(1)) await import(file);
  process.stdout.write(JSON.stringify(made), () => process.exit());`;

/** Of zod's messages in Dutch: all of its languages come together. */
const dutch = "Ongeldige";

async function expectCheap(...files: readonly string[]): Promise<void> {
  for (const file of files) expect((await readFile(file, "utf8")).includes(dutch), file).toBe(false);
  const made = execFileSync(process.execPath, ["--input-type=module", "-e", load, ...files], { encoding: "utf8" });
  expect(JSON.parse(made)).toEqual([]);
}

test("the installed programs load without a language's tools and messages", async () => {
  const programs = ["cli.cjs", "daemon.cjs", "work.cjs", "embedded.cjs"];
  await expectCheap(...programs.map((name) => join(dirname(inject("octopool")), name)));
});

test("the relay loads without a language's tools and messages", async () => {
  const directory = await mkdtemp(join(tmpdir(), "octopool-load-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const outfile = join(directory, "relay.mjs");
  await build({
    ...workerBundle,
    entryPoints: [join(root, "relay-worker/index.ts")],
    outfile,
    plugins: [
      {
        name: "no workerd here",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^cloudflare:workers$/ }, () => ({ path: "runtime", namespace: "stub" }));
          onLoad({ filter: /.*/, namespace: "stub" }, () => ({
            contents: "export class DurableObject {} export class WorkerEntrypoint {} export const env = {};",
          }));
        },
      },
    ],
  });
  await expectCheap(outfile);
});
