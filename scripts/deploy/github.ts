/** A deployment's requests to GitHub, so that an operator need not look things up or click them. */
import githubAppJwt from "universal-github-app-jwt";
import * as z from "zod";

/** Where one App is installed. */
export interface AppInstallation {
  /** GitHub's number of it. */
  readonly id: number;
  /** Login of the organisation or person whose repositories it reads. */
  readonly account: string;
  /** The App's name in addresses. */
  readonly app: string;
}

export interface GitHubSetup {
  /** @throws Error that says why the account's id is not known */
  accountId(login: string): Promise<number>;
  /**
   * Asked as the App itself.
   * @param key its private key, PKCS#8
   * @throws Error that says why they are not known
   */
  installations(appId: string, key: string): Promise<readonly AppInstallation[]>;
  /**
   * Sets where the App's webhook leads, and its secret; asked as the App itself.
   * @throws Error that says why it is not set
   */
  setWebhook(appId: string, key: string, hook: { readonly url: string; readonly secret: string }): Promise<App>;
}

/** An App as GitHub describes it. */
type App = z.output<typeof appSchema>;

export const githubApi = "https://api.github.com";

/** GitHub has this long for one answer, in milliseconds. */
const timeoutMs = 10_000;

const accountSchema = z.object({ id: z.number().int().positive() });
const appSchema = z.object({
  slug: z.string(),
  events: z.array(z.string()).default([]),
  permissions: z.record(z.string(), z.string()).default({}),
});
const hookSchema = z.object({ url: z.string() });
const installationsSchema = z.array(z.object({ id: z.number().int(), account: z.object({ login: z.string() }) }));

async function appToken(appId: string, privateKey: string): Promise<string> {
  return (await githubAppJwt({ id: Number(appId), privateKey })).token;
}

/** @param api origin and path of GitHub's API */
export function createGitHub(api: string, fetch: typeof globalThis.fetch): GitHubSetup {
  return {
    accountId: async (login) => (await ask(`/users/${encodeURIComponent(login)}`, accountSchema)).id,
    installations: async (appId, key) => {
      const token = await appToken(appId, key);
      const [{ slug }, found] = await Promise.all([
        ask("/app", appSchema, token),
        ask("/app/installations?per_page=100", installationsSchema, token),
      ]);
      return found.map(({ id, account }) => ({ id, account: account.login, app: slug }));
    },
    setWebhook: async (appId, key, { url, secret }) => {
      const token = await appToken(appId, key);
      const body = JSON.stringify({ url, secret, content_type: "json", insecure_ssl: "0" });
      await ask("/app/hook/config", hookSchema, token, { method: "PATCH", body });
      return ask("/app", appSchema, token);
    },
  };

  async function ask<Answer>(
    path: string,
    schema: z.ZodType<Answer>,
    token?: string,
    change?: { readonly method: "PATCH"; readonly body: string },
  ): Promise<Answer> {
    const headers = {
      accept: "application/vnd.github+json",
      "user-agent": "octopool-deploy",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const options = { headers, ...change, signal: AbortSignal.timeout(timeoutMs) };
    const response = await fetch(api + path, options).catch(() => {
      throw new Error(`GitHub (${api}) cannot be reached`);
    });
    if (response.status === 404) throw new Error("GitHub knows no such account");
    if (response.status === 401) throw new Error("GitHub does not accept the App's id with this key");
    const found = response.ok ? schema.safeParse(await response.json().catch(() => undefined)).data : undefined;
    if (found === undefined) throw new Error(`GitHub answered ${response.status}`);
    return found;
  }
}
