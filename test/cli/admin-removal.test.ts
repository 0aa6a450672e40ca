import { spawn, spawnSync } from "node:child_process";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { confirm } from "../../cli/admin/confirm.ts";
import { entry, type Home, newHome } from "./support/octopool.ts";
import { failure, on, type StandInRoute, startScriptedRelay } from "./support/relay.ts";

const caller = {
  id: "caller-1",
  name: "old-bot",
  github_login: "old-bot",
  github_user_id: 7,
  pools: ["maintainers"],
  disabled: false,
  verified_at: "2026-01-01T00:00:00Z",
  created_at: "2026-01-01T00:00:00Z",
  tokens: [
    { id: "tok-1", client_name: "ci", created_at: "2026-01-01T00:00:00Z", last_used_at: "2026-01-02T00:00:00Z" },
  ],
};
const identity = {
  id: "bot3",
  pool: "maintainers",
  kind: "pat",
  login: "acme-bot",
  secret_ref: "BOT3_TOKEN",
  installation_id: null,
  weight: 1,
  disabled: false,
  scopes: [{ owner: "acme", repo: null, allow_private: false }],
};
const routes: readonly StandInRoute[] = [
  on("GET", "/v1/admin/callers", { status: 200, body: { callers: [caller], next_cursor: null } }),
  on("DELETE", "/v1/admin/callers/caller-1", { status: 200, body: { id: "caller-1", audit_events: 12 } }),
  on("DELETE", "/v1/admin/pools/maintainers/identities/bot3", { status: 200, body: { identity } }),
];

async function operator(more: readonly StandInRoute[] = []) {
  const relay = await startScriptedRelay(...more, ...routes);
  const home = newHome({ OCTOPOOL_URL: relay.url, OCTOPOOL_ADMIN_TOKEN: "operator-secret" });
  const deleted = () => relay.received.filter(({ method }) => method === "DELETE").map(({ path }) => path);
  return { relay, home, deleted };
}

const removals = [
  [["caller", "forget", "old-bot"], "/v1/admin/callers/caller-1"],
  [["identity", "remove", "bot3"], "/v1/admin/pools/maintainers/identities/bot3"],
] as const;

describe.each(removals)("admin %j", (args, path) => {
  test("without a terminal needs --yes, and sends nothing without it", async () => {
    const { relay, home } = await operator();
    expect(await home.run("admin", ...args)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/cannot be undone.*\n.*--yes/),
    });
    expect(relay.received).toEqual([]);
  });

  test("with --yes does it, and names the removed", async () => {
    const { home, deleted } = await operator();
    const { exitCode, stdout } = await home.run("admin", ...args, "--yes");
    expect(exitCode).toBe(0);
    expect(stdout).toContain(args[2]);
    expect(deleted()).toEqual([path]);
  });
});

test("the command says which data is forgotten and which remains", async () => {
  const { home } = await operator();
  expect((await home.here("admin", "caller", "forget", "OLD-BOT", "--yes")).stdout).toBe(
    "✓ old-bot (caller-1) is forgotten: 1 token, and its name in 12 audit events\n",
  );
  expect((await home.here("admin", "identity", "remove", "bot3", "--yes")).stdout).toBe(
    "✓ bot3 no longer serves pool maintainers; the Worker keeps the secret BOT3_TOKEN: `wrangler secret delete BOT3_TOKEN`\n",
  );
});

test("a caller or an identity that does not exist is named as such", async () => {
  const none = on("DELETE", "/v1/admin/pools/maintainers/identities/none", failure(404, "not_found", "No identity."));
  const { home } = await operator([none]);
  expect((await home.here("admin", "caller", "forget", "ghost", "--yes")).stderr).toContain(
    "There is no caller ghost.",
  );
  expect(await home.here("admin", "identity", "remove", "none", "--yes")).toMatchObject({ exitCode: 1 });
});

const script = "/usr/bin/script";
const hasScript = spawnSync(script, ["--version"]).status === 0;

describe.skipIf(!hasScript)("on a terminal (skipped where util-linux's script is not)", () => {
  test.each(removals)("%j asks once more", async (args, path) => {
    const { home, deleted } = await operator();
    const no = await typed(home, ["admin", ...args], "n\n");
    expect([no.exitCode, no.shown]).toEqual([2, expect.stringContaining(args[2])]);
    expect(no.shown).toContain("[y/N]");
    expect(deleted()).toEqual([]);
    expect((await typed(home, ["admin", ...args], "y\n")).exitCode).toBe(0);
    expect(deleted()).toEqual([path]);
  });
});

/** Types the answer when the question has appeared. */
async function typed(home: Home, args: readonly string[], answer: string) {
  const command = [process.execPath, entry, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn(script, ["--quiet", "--return", "--command", command, "/dev/null"], {
    env: { ...home.env, TERM: "xterm" },
    cwd: home.directory,
  });
  let shown = "";
  child.stdout.on("data", (chunk) => {
    if (!shown.includes("[y/N]") && `${shown}${chunk}`.includes("[y/N]")) child.stdin.write(answer);
    shown += chunk;
  });
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { shown, exitCode };
}

describe("the question", () => {
  const ask = (typedText: string | undefined) => {
    const stdin = new PassThrough();
    const interrupt = new AbortController();
    const asked = confirm({ stdin, stderr: { write: async () => {} }, signal: interrupt.signal }, "Really?");
    if (typedText !== undefined) stdin.write(typedText);
    return { stdin, interrupt, asked };
  };

  test.each(["y\n", "Y\n", " yes \n"])("%j is a yes", async (text) => {
    await expect(ask(text).asked).resolves.toBeUndefined();
  });

  test.each(["\n", "n\n", "yep\n", "no y\n"])("%j is a no", async (text) => {
    await expect(ask(text).asked).rejects.toMatchObject({ code: "cancelled" });
  });

  test("the end of input and Ctrl-C are a no", async () => {
    const ended = ask(undefined);
    ended.stdin.end();
    await expect(ended.asked).rejects.toMatchObject({ code: "cancelled" });
    const interrupted = ask(undefined);
    interrupted.interrupt.abort();
    await expect(interrupted.asked).rejects.toMatchObject({ code: "cancelled" });
  });
});
