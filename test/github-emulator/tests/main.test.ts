import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, onTestFinished, test } from "vitest";

const main = new URL("../main.ts", import.meta.url).pathname;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "emulator-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

describe("npm run github-emulator", { timeout: 30_000 }, () => {
  test("says in one line where it listens, and leaves no socket behind", async () => {
    const socket = join(folder(), "github.sock");
    const child = execa(process.execPath, [main, "--port", "0", "--socket", socket]);
    const { promise: ready, resolve } = Promise.withResolvers<string>();
    child.stdout.once("data", (data: Buffer) => resolve(data.toString()));
    const [, url = "", path] = /^github-emulator ready (http:\S+) (\S+)\n$/.exec(await ready) ?? [];
    expect(path).toBe(socket);
    expect(await (await fetch(`${url}/repos/lumen-labs/lantern`)).json()).toMatchObject({
      name: "lantern",
      private: false,
    });
    child.kill("SIGTERM");
    expect((await child).exitCode).toBe(0);
    expect(existsSync(socket)).toBe(false);
  });

  test("puts the worlds of a directory together", async () => {
    const worlds = folder();
    writeFileSync(join(worlds, "a.json"), JSON.stringify({ repositories: [{ name: "o/a" }] }));
    writeFileSync(join(worlds, "b.json"), JSON.stringify({ repositories: [{ name: "o/b", fork_of: "o/a" }] }));
    const child = execa(process.execPath, [main, "--world", worlds]);
    const { promise: ready, resolve } = Promise.withResolvers<string>();
    child.stdout.once("data", (data: Buffer) => resolve(data.toString()));
    const url = (await ready).split(" ")[2]?.trim();
    expect(await (await fetch(`${url}/repos/o/b`)).json()).toMatchObject({ fork: true, parent: { full_name: "o/a" } });
    child.kill("SIGTERM");
    await child;
  });

  test("names the place in a world that is wrong, and ends with 1", async () => {
    const file = join(folder(), "world.json");
    writeFileSync(file, JSON.stringify({ repositories: [{ name: "no-owner" }] }));
    const result = await execa(process.execPath, [main, "--world", file], { reject: false });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("repositories[0].name");
  });

  test("prints the world format as JSON Schema", async () => {
    const { stdout } = await execa(process.execPath, [main, "--print-schema"]);
    expect(JSON.parse(stdout)).toMatchObject({ type: "object", properties: { repositories: { type: "array" } } });
  });
});
