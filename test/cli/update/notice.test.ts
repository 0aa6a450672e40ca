/** The notice of a newer release: its readers, how often they see it, and that no command waits for it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createStyle } from "../../../cli/style.ts";
import { startNotice } from "../../../cli/update/notice.ts";

const day = 86_400_000;
const release = { version: "1.2.3", executable: "/usr/lib/node_modules/octopool/dist/octopool.cjs", single: false };
let home: string;
let now: number;
let asked: string[];
let answer: () => Promise<Response>;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "octopool-notice-"));
  now = Date.parse("2026-11-28T12:00:00Z");
  asked = [];
  answer = async () => Response.json({ name: "octopool", version: "1.3.0" });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Way {
  readonly env?: Readonly<Record<string, string>>;
  readonly argv?: readonly string[];
  readonly out?: boolean;
  readonly err?: boolean;
  readonly of?: Partial<typeof release>;
}

/** The output of one command beside its own answer. */
async function notice({ env = {}, argv = ["status"], out = true, err = true, of = {} }: Way = {}): Promise<string> {
  const written: string[] = [];
  const stream = (isTerminal: boolean) => ({
    isTerminal,
    columns: 80,
    style: createStyle({}, false),
    write: async (text: string | Uint8Array) => void written.push(String(text)),
    stream: async (text: string | Uint8Array) => void written.push(String(text)),
  });
  const end = startNotice(
    {
      env: { HOME: home, ...env },
      now: () => now,
      fetch: async (input) => {
        asked.push(String(input));
        return answer();
      },
      stdout: stream(out),
      stderr: stream(err),
    },
    argv,
    { ...release, ...of },
  );
  await end();
  return written.join("");
}

test("says which release there is and how to get it, once a day", async () => {
  expect(await notice()).toBe(
    "\nA new release of octopool is available: 1.2.3 → 1.3.0\nTo upgrade: npm install -g octopool@latest\n",
  );
  expect(asked).toEqual(["https://registry.npmjs.org/octopool/latest"]);
  now += day - 1;
  expect([await notice(), asked.length]).toEqual(["", 1]);
  now += 1;
  expect(await notice()).toContain("1.3.0");
});

test("a clock that was set back silences it no longer than a command", async () => {
  await notice();
  now -= 30 * day;
  expect(await notice()).toContain("1.3.0");
});

describe("is silent, and sends no request,", () => {
  test.each<[string, Way]>([
    ["in a pipe", { out: false }],
    ["with its errors in a file", { err: false }],
    ["in CI", { env: { CI: "true" } }],
    ["in a codespace", { env: { CODESPACES: "1" } }],
    ["when it is turned off", { env: { OCTOPOOL_NO_UPDATE_NOTIFIER: "1" } }],
    ["when it is turned off with another word", { env: { OCTOPOOL_NO_UPDATE_NOTIFIER: "please" } }],
    ["for gh", { argv: ["gh", "pr", "list"] }],
    ["for output that a shell evaluates", { argv: ["completion", "bash"] }],
    ["of sources that run unbuilt", { of: { version: "0.0.0-source" } }],
  ])("%s", async (_name, way) => {
    expect([await notice(way), asked]).toEqual(["", []]);
  });

  test("and is not silent when the switch is off", async () => {
    expect(await notice({ env: { OCTOPOOL_NO_UPDATE_NOTIFIER: "0" } })).toContain("1.3.0");
  });
});

describe("nothing comes of", () => {
  test.each<[string, () => Promise<Response>]>([
    ["a network that is down", async () => Promise.reject(new TypeError("fetch failed"))],
    ["a registry in trouble", async () => new Response("oops", { status: 500 })],
    ["a page instead of an answer", async () => new Response("<html>")],
    ["a version that is none", async () => Response.json({ version: "9.9.9\u001b[31m" })],
    ["the same release", async () => Response.json({ version: "1.2.3" })],
    ["an older release", async () => Response.json({ version: "1.2.2" })],
  ])("%s, and it is not asked again that day", async (_name, how) => {
    answer = how;
    expect(await notice()).toBe("");
    expect(await notice()).toBe("");
    expect(asked).toHaveLength(1);
  });
});

test("a home that cannot be written gets it all the same", async () => {
  expect(await notice({ env: { HOME: "/dev/null" } })).toContain("1.3.0");
});

test.each([
  [{ npm_config_registry: "https://npm.example.org/mirror/" }, "https://npm.example.org/mirror/octopool/latest"],
  [{ npm_config_registry: "http://npm.example.org" }, "https://registry.npmjs.org/octopool/latest"],
  [{ npm_config_registry: "https://name:word@npm.example.org" }, "https://registry.npmjs.org/octopool/latest"],
])("with %j it asks %s: over https, and with no password", async (env, url) => {
  await notice({ env });
  expect(asked).toEqual([url]);
});

test.each([
  [{ executable: "/opt/homebrew/Cellar/octopool/1.2.3/bin/octopool", single: true }, "brew upgrade octopool"],
  [{ executable: "/home/mona/bin/octopool", single: true }, "download the new single file from its release"],
])("%j is upgraded by: %s", async (of, how) => {
  expect(await notice({ of })).toContain(`To upgrade: ${how}\n`);
});
