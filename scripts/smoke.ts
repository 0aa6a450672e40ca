/** The smoke test of a live relay: its answers without a credential, and its refusal of all other requests. */
import { discoveryPath, discoverySchema } from "../shared/discovery.ts";
import { errorBodySchema, relayRequestPath } from "../shared/envelope.ts";
import { poolHealthPath } from "../shared/stats.ts";

/** The relay does not answer: every further check would fail for the same reason. */
class Unreachable extends Error {}

async function request(origin: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${origin}${path}`, { redirect: "manual", signal: AbortSignal.timeout(15_000), ...init });
  } catch (error) {
    const { message, cause } = error instanceof Error ? error : new Error(String(error));
    throw new Unreachable(`cannot be reached (${cause instanceof Error ? cause.message : message})`);
  }
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

async function refuses(response: Response, status: number, code: string): Promise<void> {
  expect(response.status === status, `answered ${response.status}, not ${status}`);
  const { error } = errorBodySchema.parse(await response.json());
  expect(error.code === code, `said ${error.code}, not ${code}`);
  expect(error.request_id !== "", "named no request id");
}

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

const checks: Readonly<Record<string, (ask: Ask) => Promise<void>>> = {
  "the landing page is a page": async (ask) => {
    const response = await ask("/", { headers: { accept: "text/html" } });
    expect(response.status === 200, `answered ${response.status}`);
    expect((response.headers.get("content-type") ?? "").startsWith("text/html"), "is no HTML");
    expect((await response.text()).includes("Octopool"), "does not say Octopool");
  },
  "programs get JSON there": async (ask) => {
    const response = await ask("/", { headers: { accept: "application/json" } });
    const body: unknown = await response.json();
    expect(Object(body).ok === true && Object(body).service === "octopool", "is not Octopool's");
  },
  "the dashboard leads to the login": async (ask) => {
    const response = await ask("/dashboard");
    const location = new URL(response.headers.get("location") ?? "/nowhere", "http://relay");
    expect(response.status === 302, `answered ${response.status}`);
    expect(location.pathname === "/login/github", `leads to ${location.pathname}`);
  },
  "discovery describes the relay": async (ask) => {
    const response = await ask(discoveryPath);
    discoverySchema.parse(await response.json());
    expect(response.headers.get("cache-control") === "public, max-age=300", "is not kept five minutes");
  },
  "a pool's health needs a token": async (ask) => {
    await refuses(await ask(poolHealthPath("maintainers")), 401, "missing_auth");
  },
  "the relay needs a token": async (ask) => {
    const body = JSON.stringify({ pool: "maintainers", method: "GET", path: "/rate_limit" });
    const headers = { "content-type": "application/json" };
    await refuses(await ask(relayRequestPath, { method: "POST", headers, body }), 401, "missing_auth");
  },
};

/** @returns whether all is well; each check is told as it ends */
export async function smoke(origin: string, say: (line: string) => void): Promise<boolean> {
  const ask: Ask = (path, init = {}) => request(origin, path, init);
  let failed = 0;
  for (const [what, check] of Object.entries(checks)) {
    try {
      await check(ask);
      say(`ok    ${what}`);
    } catch (error) {
      failed += 1;
      say(`FAIL  ${what}: ${error instanceof Error ? error.message : String(error)}`);
      if (error instanceof Unreachable) break;
    }
  }
  say(failed === 0 ? `${origin}: all well` : `${origin}: ${failed} of ${Object.keys(checks).length} checks failed`);
  return failed === 0;
}
