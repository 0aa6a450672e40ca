import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { edits, readConfiguration, writeConfiguration } from "../../../scripts/deploy/configuration.ts";

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "octopool-configuration-"));
  file = join(directory, "wrangler.jsonc");
  await cp(join(import.meta.dirname, "../../../wrangler.jsonc"), file);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("an edited value leaves comments and everything else as they are", async () => {
  const before = await readFile(file, "utf8");
  expect(await writeConfiguration(file, [edits.variable("ALLOWED_GITHUB_ORG", 'a"b')])).toEqual(["ALLOWED_GITHUB_ORG"]);
  const after = await readFile(file, "utf8");
  expect(after).toBe(before.replace('"ALLOWED_GITHUB_ORG": ""', '"ALLOWED_GITHUB_ORG": "a\\"b"'));
  expect((await readConfiguration(file)).variable("ALLOWED_GITHUB_ORG")).toBe('a"b');
});

test("new members stand beside their like; every line that was there is there still", async () => {
  const before = await readFile(file, "utf8");
  await writeConfiguration(file, [
    edits.account("acc1"),
    edits.host("relay.example.org"),
    edits.logsBucket("octopool-logs"),
  ]);
  const after = await readFile(file, "utf8");
  expect(after).toMatch(/"name": "octopool",\n {2}"account_id": "acc1",\n/);
  expect(after.match(/\/\/.*/g)).toEqual(before.match(/\/\/.*/g));
  const { account, host, logsBucket, databaseId } = await readConfiguration(file);
  expect([account, host, logsBucket, databaseId]).toEqual(["acc1", "relay.example.org", "octopool-logs", ""]);
});

test("routes and buckets that are there stay there", async () => {
  await writeConfiguration(file, [edits.host("old.example.org"), edits.host("relay.example.org")]);
  const text = await readFile(file, "utf8");
  expect([text.includes("old.example.org"), text.includes("relay.example.org")]).toEqual([true, true]);
});

test("a setting that has its value already is not written anew", async () => {
  const before = await readFile(file, "utf8");
  expect(await writeConfiguration(file, [edits.variable("DEFAULT_LOGIN_POOL", "maintainers")])).toEqual([]);
  expect(await readFile(file, "utf8")).toBe(before);
});

test("a file without a database is refused by name", async () => {
  await writeFile(file, '{ "name": "octopool", "vars": {} }');
  await expect(readConfiguration(file)).rejects.toThrow(
    /wrangler\.jsonc is not as the repository's own:[\s\S]*d1_databases/,
  );
});
