import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newAppKey } from "../support/app-key.ts";
import { json, publicRepo } from "../support/github.ts";
import { advance, TestRelay } from "../support/relay.ts";

const path = "/repos/acme/widgets/pulls/7";
const exchange = "/app/installations/42/access_tokens";
let relay: TestRelay;
let pkcs8: string;
let publicKey: CryptoKey;

const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

beforeAll(async () => {
  ({ pkcs8, publicKey } = await newAppKey());
});

async function withApp(key: string): Promise<TestRelay> {
  const created = await TestRelay.create({ APP_KEY: key });
  await created.admin("/pools/maintainers/identities/pat_one", "PATCH", { disabled: true });
  await created.identity({
    id: "app",
    kind: "github_app",
    login: "octopool",
    secret_ref: "APP_KEY",
    installation_id: 42,
  });
  created.github.public("acme/widgets").on(path, () => json({ number: 7, state: "open" }));
  return created;
}

describe("a GitHub App", () => {
  let issued: number;

  beforeEach(async () => {
    issued = 0;
    relay = await withApp(pkcs8);
    relay.github.on(exchange, () => {
      issued += 1;
      return json(
        { token: `ghs_${issued}`, expires_at: new Date(Date.now() + 3_600_000).toISOString() },
        { status: 201 },
      );
    });
  });

  test("signs a JWT with its key and reads with the installation's token", async () => {
    const told = await relay.read(path);
    expect(told).toMatchObject({ identity: { id: "app", kind: "github_app" }, relay: { github_calls: 3 } });
    expect(relay.github.calls.map(({ token }) => token?.startsWith("ghs_"))).toEqual([false, true, true]);
    const [header = "", payload = "", signature = ""] = relay.github.calls[0]?.token?.split(".") ?? [];
    const bytes = (text: string) =>
      Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const signed = new TextEncoder().encode(`${header}.${payload}`);
    expect(await crypto.subtle.verify(algorithm, publicKey, bytes(signature), signed)).toBe(true);
    const claims = JSON.parse(new TextDecoder().decode(bytes(payload)));
    expect(String(claims.iss)).toBe("4711");
    expect(claims.exp - claims.iat).toBe(600);
  });

  test("keeps the token until a minute before its end", async () => {
    await relay.read(path);
    advance(59 * 60_000 - 1);
    await relay.read(path, { headers: { "cache-control": "max-age=0" } });
    expect(issued).toBe(1);
    advance(1);
    await relay.read(path, { headers: { "cache-control": "max-age=0" } });
    expect(issued).toBe(2);
  });

  test("a token that GitHub no longer takes is not used again", async () => {
    relay.github.on("/repos/acme/widgets", ({ token }) =>
      token === "ghs_1" ? json({ message: "Bad credentials" }, { status: 401 }) : publicRepo("acme/widgets"),
    );
    expect(await relay.refusal(path)).toBe("424 fallback_local github_identity_unauthorized");
    advance(120_000);
    expect((await relay.read(path)).status).toBe(200);
    expect(issued).toBe(2);
  });

  test("an identity that now stands for another installation gets that one's token in every isolate", async () => {
    const other = relay.sibling();
    await other.read(path);
    relay.github.on("/app/installations/43/access_tokens", () =>
      json({ token: "ghs_other", expires_at: new Date(Date.now() + 3_600_000).toISOString() }, { status: 201 }),
    );
    const app = { id: "app", kind: "github_app", login: "octopool", secret_ref: "APP_KEY", installation_id: 43 };
    await relay.identity(app);
    advance(30_000);
    await other.read(path, { headers: { "cache-control": "max-age=0" } });
    expect(relay.github.calls.at(-1)?.token).toBe("ghs_other");
  });

  test("a refused exchange is the operator's to mend", async () => {
    relay.github.on(exchange, () => json({ message: "Not Found" }, { status: 404 }));
    expect(await relay.refusal(path)).toBe("503 identity_misconfigured");
  });

  test("an exchange that GitHub fails to answer is GitHub's trouble", async () => {
    relay.github.on(exchange, () => json({}, { status: 500 }));
    expect(await relay.refusal(path)).toBe("502 github_unreachable");
  });
});

test.each(["RSA", "OPENSSH"])("a key in %s format is named, and not shown", async (format) => {
  relay = await withApp(`-----BEGIN ${format} PRIVATE KEY-----\nc2VjcmV0\n-----END ${format} PRIVATE KEY-----`);
  const response = await relay.request(path);
  const text = await response.text();
  expect(response.status).toBe(503);
  expect(text).toContain("github_app_key_format");
  expect(text).not.toContain("c2VjcmV0");
});

test("a key that is none is not shown either", async () => {
  relay = await withApp("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----");
  const response = await relay.request(path);
  expect(response.status).toBe(503);
  expect(await response.text()).not.toContain("c2VjcmV0");
});

describe("the relay's own secrets", () => {
  const own = [
    "OCTOPOOL_ADMIN_TOKEN",
    "OCTOPOOL_GITHUB_ORG_TOKEN",
    "OCTOPOOL_PROXY_SECRET",
    "OCTOPOOL_WEBHOOK_SECRET",
    "OCTOPOOL_WEBHOOK_SECRET_PREVIOUS",
    "OCTOPOOL_GITHUB_APP_ID",
    "GITHUB_OAUTH_CLIENT_SECRET",
  ];

  beforeEach(async () => {
    relay = await TestRelay.create();
  });

  test.each(own)("%s is no identity's", async (secret_ref) => {
    const { status, body } = await relay.identity({ id: "pat_two", secret_ref });
    expect({ status, body }).toMatchObject({ status: 400, body: { error: { code: "invalid_request" } } });
  });

  test.each(own)("%s never reaches GitHub, for any content of the database", async (name) => {
    await env.DB.prepare("update identities set secret_ref = ?").bind(name).run();
    expect(await relay.sibling({ [name]: "own-secret" }).refusal(path)).toBe("503 identity_misconfigured");
    expect(relay.github.calls).toEqual([]);
  });
});
