/** The programs and the world of docs/emulator.md, run as they stand. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { buildWorld } from "../world/build.ts";
import { loadWorld } from "../world/load.ts";

const root = join(import.meta.dirname, "../../..");
const page = readFileSync(join(root, "docs/emulator.md"), "utf8");
const blocksOf = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, text = ""]) => text);
const [world = ""] = blocksOf("json");
const programs = blocksOf("ts");

/** A directory of its own, with the page's world in it. */
function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), "emulator-page-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, "my-world.json"), world);
  return directory;
}

/** Runs a program as if it stood at the root of the repository. */
async function run(program: string): Promise<string> {
  const directory = folder();
  const text = program
    .replaceAll('"./test/', `"${pathToFileURL(join(root, "test"))}/`)
    .replaceAll("/tmp/gh.sock", join(directory, "gh.sock"));
  const file = join(directory, "program.ts");
  writeFileSync(file, text);
  return (await execa(process.execPath, [file], { cwd: directory })).stdout;
}

test("the world can be loaded, and has the entries that it names", () => {
  const built = buildWorld(loadWorld(join(folder(), "my-world.json")));
  expect(built.repositories.get("acme/widget")?.threads.get(2)?.title).toBe("Oil it");
  expect(built.repositories.get("acme/secret")?.private).toBe(true);
});

test("there are two programs", () => {
  expect(programs).toHaveLength(2);
});

test("the first starts the emulator and says where it listens", { timeout: 30_000 }, async () => {
  expect(await run(programs[0] ?? "")).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n\{ total: 0, routes: \{\}/);
});

test("the second holds three reads and counts them", { timeout: 30_000 }, async () => {
  expect(await run(programs[1] ?? "")).toBe("3");
});
