/** A relay for the demo's organisation, with one identity in its pool, and logins at it. */
import { expect } from "vitest";
import type { Machine } from "../../../scripts/stack/machine.ts";
import { addIdentity, type PoolIdentity } from "../../../scripts/stack/pool.ts";
import { type LocalRelay, startRelay } from "../../../scripts/stack/relay.ts";

export const adminToken = "operator-of-the-test";
/** The demo's token of the pool, of the robot's account. */
export const poolToken = "demo-pool-pat-not-a-secret";
/** A member of the demo's organisation. */
export const member = "demo-token-ada-okafor";
/** The demo's public repository. */
export const project = "lumen-labs/lantern";

const robot: PoolIdentity = {
  id: "pool-token",
  kind: "pat",
  login: "lumen-robot",
  secret_ref: "POOL_TOKEN",
  scopes: [{ owner: "*" }],
};

/** @param more bindings beside the usual ones, and an identity in place of the robot's token; `null`: none */
export async function startDemoRelay(
  githubApi: string,
  more: { readonly bindings?: Readonly<Record<string, string>>; readonly identity?: PoolIdentity | null } = {},
): Promise<LocalRelay> {
  const relay = await startRelay({
    githubApi,
    bindings: {
      ALLOWED_GITHUB_ORG: "lumen-labs",
      OCTOPOOL_ADMIN_TOKEN: adminToken,
      OCTOPOOL_GITHUB_ORG_TOKEN: "demo-org-token-not-a-secret",
      POOL_TOKEN: poolToken,
      ...more.bindings,
    },
  });
  const { identity = robot } = more;
  if (identity !== null) await addIdentity({ server: relay.url, adminToken }, "maintainers", identity);
  return relay;
}

/** @param token of GitHub; the machine's own when absent */
export async function logIn(machine: Machine, relay: LocalRelay, token?: string): Promise<void> {
  const ran = await machine.run(["login", relay.url], token === undefined ? {} : { GH_TOKEN: token });
  expect(ran.exitCode, ran.stderr).toBe(0);
}
