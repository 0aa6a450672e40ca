/** A browser of a few lines: it keeps cookies as attributes say, follows nothing by itself, and has an OAuth app to sign in with. */
import { json } from "../support/github.ts";
import { TestRelay } from "../support/relay.ts";

export const oauthVars = { GITHUB_OAUTH_CLIENT_ID: "client", GITHUB_OAUTH_CLIENT_SECRET: "client-secret" };

interface Cookie {
  readonly value: string;
  /** Lower case, with their values: `path=/`, `httponly`. */
  readonly attributes: readonly string[];
}

export class Browser {
  readonly relay: TestRelay;
  readonly cookies = new Map<string, Cookie>();

  constructor(relay: TestRelay) {
    this.relay = relay;
  }

  async go(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers({ accept: "text/html", ...Object.fromEntries(new Headers(init.headers)) });
    const { pathname } = new URL(path, "https://relay.test");
    const sent = [...this.cookies].filter(([, { attributes }]) => {
      const scope = attributes.find((attribute) => attribute.startsWith("path="))?.slice(5) ?? "/";
      return pathname === scope || pathname.startsWith(scope.endsWith("/") ? scope : `${scope}/`);
    });
    if (sent.length > 0) headers.set("cookie", sent.map(([name, { value }]) => `${name}=${value}`).join("; "));
    const response = await this.relay.fetch(path, { ...init, headers });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    return this.go(path, { method: "POST", body: new URLSearchParams(fields), headers });
  }

  /** Begins a login; answers the state that GitHub would be handed. */
  async begin(next?: string): Promise<{ state: string; authorize: URL }> {
    const response = await this.go(`/login/github${next === undefined ? "" : `?next=${encodeURIComponent(next)}`}`);
    const authorize = new URL(response.headers.get("location") ?? "");
    return { state: authorize.searchParams.get("state") ?? "", authorize };
  }

  callback(state: string, code = "good-code"): Promise<Response> {
    return this.go(`/login/github/callback?${new URLSearchParams({ code, state })}`);
  }

  async signIn(next?: string): Promise<Response> {
    return this.callback((await this.begin(next)).state);
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split("; ");
    const at = pair.indexOf("=");
    const kept = attributes.map((attribute) => attribute.toLowerCase());
    if (kept.includes("max-age=0")) this.cookies.delete(pair.slice(0, at));
    else this.cookies.set(pair.slice(0, at), { value: pair.slice(at + 1), attributes: kept });
  }
}

/** A relay with an OAuth app, and a GitHub on which ada, a member of acme, consents. */
export async function signInRelay(vars: Record<string, unknown> = {}): Promise<TestRelay> {
  const relay = await TestRelay.create({ ...oauthVars, ...vars });
  const tokenOf = (code: string | null) => (code === "good-code" ? "gho_ada" : undefined);
  relay.github
    .on("/login/oauth/access_token", async ({ body }) => {
      const token = tokenOf(new URLSearchParams(body).get("code"));
      return token ? json({ access_token: token }) : json({ error: "bad_verification_code" });
    })
    .on("/user", () => json({ id: 7, login: "ada" }))
    .on("/user/orgs", () => json([{ login: "acme" }]));
  return relay;
}

/** Gives ada, who has signed in before, the dashboard. */
export async function makeOperator(relay: TestRelay, login = "ada"): Promise<string> {
  const { body } = await relay.admin("/callers");
  const { callers } = body as { callers: { id: string; github_login: string }[] };
  const id = callers.find((caller) => caller.github_login === login)?.id ?? "";
  await relay.admin(`/callers/${id}`, "PATCH", { dashboard_role: "admin" });
  return id;
}
