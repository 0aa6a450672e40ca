import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { networkWords } from "../../cli/relay/network-words.ts";
import { newHome } from "./support/octopool.ts";
import { discoveryOf, failure, on, startScriptedRelay, token } from "./support/relay.ts";

const loginOf = (relay: { readonly received: readonly { readonly path: string }[] }) =>
  relay.received.find((request) => request.path === "/v1/login/github-cli");

describe("login", () => {
  test("asks the server for its description before it sends anything, then keeps the token it gets", async () => {
    const [relay, home] = [await startScriptedRelay(), newHome()];
    const login = await home.run("login", relay.url);
    expect(login).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("as mona (pool maintainers, this machine: laptop)"),
    });
    expect(relay.received.map((request) => request.path)).toEqual(["/.well-known/octopool", "/v1/login/github-cli"]);
    expect(relay.received[0]).toMatchObject({ authorization: undefined, body: undefined });
    expect(loginOf(relay)).toMatchObject({ body: { github_token: "ghp_personal", client_name: "laptop" } });

    const whoami = await home.run("whoami", "--json");
    expect(JSON.parse(whoami.stdout)).toEqual({
      server: relay.url,
      login: "mona",
      pool: "maintainers",
      client: "laptop",
      token: "file",
      accepted: true,
      error: null,
    });
    expect(relay.received.at(-1)?.authorization).toBe(`Bearer ${token}`);
  });

  test("says once where the token is when there is no keyring, and never prints a token", async () => {
    const [relay, home] = [await startScriptedRelay(), newHome()];
    const login = await home.here("login", relay.url);
    expect(login.stderr).toBe(
      `The token is kept in ${join(home.directory, "config/octopool/credentials.json")}, readable only by you.\n` +
        "Next: octopool install-shim, so that gh itself is answered from the pool.\n",
    );
    const whoami = await home.here("whoami");
    expect(whoami.stderr).toBe("");
    expect(login.stdout + login.stderr + whoami.stdout).not.toMatch(/op_t|ghp_/);
  });

  test("takes pool and machine name from the command line before the environment", async () => {
    const [relay, home] = [await startScriptedRelay(), newHome({ OCTOPOOL_POOL: "env", OCTOPOOL_CLIENT: "env" })];
    await home.here("login", relay.url, "--pool", "bots", "--client", "ci-1");
    expect(loginOf(relay)).toMatchObject({ body: { pool: "bots", client_name: "ci-1" } });
  });

  test("without a server it goes back to the saved one", async () => {
    const [relay, home] = [await startScriptedRelay(), newHome()];
    await home.here("login", relay.url);
    expect((await home.here("login")).exitCode).toBe(0);
    expect(relay.received).toHaveLength(4);
  });

  test("repairs damaged settings, which every other command reports by name", async () => {
    const [relay, home] = [await startScriptedRelay(), newHome()];
    await home.here("login", relay.url);
    const settings = join(home.directory, "config/octopool/settings.json");
    writeFileSync(settings, "{ damaged");
    expect(await home.here("whoami")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(settings) });
    expect((await home.here("login", relay.url)).exitCode).toBe(0);
    expect((await home.here("whoami")).exitCode).toBe(0);
  });
});

describe("the GitHub token", () => {
  test("comes from gh when the environment has none, for github.com under any GH_HOST", async () => {
    const relay = await startScriptedRelay();
    const home = newHome({ GH_TOKEN: "", GITHUB_TOKEN: "", GH_HOST: "ghe.example" });
    home.script("gh", `#!/bin/sh\nprintf '%s' "$*|$GH_HOST" > "$HOME/asked"\necho ghp_of_gh\n`);
    expect((await home.here("login", relay.url)).exitCode).toBe(0);
    expect(readFileSync(join(home.directory, "asked"), "utf8")).toBe("auth token --hostname github.com|github.com");
    expect(loginOf(relay)).toMatchObject({ body: { github_token: "ghp_of_gh" } });
  });

  test("missing everywhere is said with the way out, and nothing is sent", async () => {
    const relay = await startScriptedRelay();
    const home = newHome({ GH_TOKEN: "" });
    home.script("gh", "#!/bin/sh\nexit 1\n");
    expect(await home.here("login", relay.url)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("gh auth login --hostname github.com"),
    });
    expect(loginOf(relay)).toBeUndefined();
  });
});

describe("a server that is not to be trusted", () => {
  test("plain http to another machine is refused before any request", async () => {
    expect(await newHome().here("login", "http://relay.example")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("https://relay.example"),
    });
  });

  test("another service gets no token", async () => {
    const relay = await startScriptedRelay(
      on("GET", "/.well-known/octopool", { status: 200, body: { service: "elsewhere", version: 1 } }),
    );
    expect(await newHome().here("login", relay.url)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('it says it is "elsewhere"'),
    });
    expect(loginOf(relay)).toBeUndefined();
  });

  test("an API on another host needs the flag", async () => {
    const api = await startScriptedRelay();
    const front = await startScriptedRelay(
      on("GET", "/.well-known/octopool", { status: 200, body: discoveryOf(api.url) }),
    );
    const home = newHome();
    const refused = await home.here("login", front.url);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--trust-discovery-redirect") });
    expect([...front.received, ...api.received].filter((request) => request.method === "POST")).toEqual([]);
    expect((await home.here("login", front.url, "--trust-discovery-redirect")).exitCode).toBe(0);
    expect(JSON.parse((await home.here("whoami", "--json")).stdout)).toMatchObject({ server: api.url });
  });

  test("an unencrypted API on another machine is refused even with the flag", async () => {
    const front = await startScriptedRelay(
      on("GET", "/.well-known/octopool", { status: 200, body: discoveryOf("http://relay.example") }),
    );
    const login = await newHome().here("login", front.url, "--trust-discovery-redirect");
    expect(login).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("unencrypted") });
  });

  test("a redirect is not followed", async () => {
    const target = await startScriptedRelay();
    const front = await startScriptedRelay(
      on("GET", "/.well-known/octopool", { status: 302, headers: { location: `${target.url}/x` }, body: "" }),
    );
    const login = await newHome().here("login", front.url);
    expect(login).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`it redirects to ${target.url}`) });
    expect(target.received).toEqual([]);
  });

  test("a port that nothing listens on is told in words, with the code that people search for", async () => {
    const gone = createServer().listen(0, "127.0.0.1");
    await once(gone, "listening");
    const { port } = z.object({ port: z.number() }).parse(gone.address());
    gone.close();
    await once(gone, "close");
    expect(await newHome().here("login", `http://127.0.0.1:${port}`)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`${port} cannot be reached: nothing listens there (ECONNREFUSED).`),
    });
  });

  test.each([
    ["ENOTFOUND", "there is no such host (ENOTFOUND)"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "its certificate is not trusted on this machine (SELF_SIGNED_CERT_IN_CHAIN)"],
    ["constructor", undefined],
    [undefined, undefined],
  ])("a connection's failure %s is told in words", (code, words) => {
    expect(networkWords(code)).toBe(words);
  });

  test("one that is not there is named with the reason", async () => {
    expect(await newHome().here("login", "http://127.0.0.1:9")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/http:\/\/127\.0\.0\.1:9 cannot be reached: .*(ECONNREFUSED|refuse this port)/),
    });
  });

  test("its message cannot move the cursor", async () => {
    const relay = await startScriptedRelay(
      on("POST", "/v1/login/github-cli", failure(403, "org_member_denied", "no\u001b[2J member\r\nforged")),
    );
    const login = await newHome().here("login", relay.url);
    expect(login.exitCode).toBe(4);
    expect(login.stderr).not.toMatch(/\u001b|\r/);
    expect(login.stderr).toContain("accept the invitation");
  });
});

describe("logout", () => {
  test("revokes the token at the relay and leaves nothing here", async () => {
    const [relay, home] = [await startScriptedRelay(), newHome()];
    await home.run("login", relay.url);
    expect(await home.run("logout")).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Logged out of") });
    expect(relay.received.at(-1)).toMatchObject({
      method: "DELETE",
      path: "/v1/session",
      authorization: `Bearer ${token}`,
    });
    expect(existsSync(join(home.directory, "config/octopool/credentials.json"))).toBe(false);
    expect(await home.run("whoami")).toMatchObject({ exitCode: 4, stderr: expect.stringContaining("octopool login") });
  });

  test("forgets the token here even when the relay cannot revoke it, and says so", async () => {
    const relay = await startScriptedRelay(on("DELETE", "/v1/session", failure(503, "relay_overloaded", "Busy.")));
    const home = newHome();
    await home.here("login", relay.url);
    expect(await home.here("logout")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("could not be revoked"),
    });
    expect(existsSync(join(home.directory, "config/octopool/credentials.json"))).toBe(false);
  });

  test("without a login there is nothing to do", async () => {
    expect(await newHome().here("logout")).toMatchObject({ exitCode: 0, stdout: "" });
  });
});

test("a saved token goes to the saved relay only", async () => {
  const [saved, other, home] = [await startScriptedRelay(), await startScriptedRelay(), newHome()];
  await home.here("login", saved.url);
  const asked = await home.here("health", "--server", other.url);
  expect(asked).toMatchObject({ exitCode: 4, stderr: expect.stringContaining(`octopool login ${other.url}`) });
  expect(other.received).toEqual([]);
});

test("whoami says when the relay no longer takes the token", async () => {
  const relay = await startScriptedRelay(
    on("GET", "/v1/pools/maintainers/health", failure(401, "invalid_auth", "Revoked.")),
  );
  const home = newHome();
  await home.here("login", relay.url);
  const whoami = await home.here("whoami", "--json");
  expect(JSON.parse(whoami.stdout)).toMatchObject({ accepted: false, error: "invalid_auth" });
  expect(whoami.exitCode).toBe(4);
});
