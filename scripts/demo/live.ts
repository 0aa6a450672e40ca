/** The demo on api.github.com, paid by the user's own budget. */
import { execa } from "execa";
import { githubText, type Scenario } from "../stack/scenario.ts";

const api = "https://api.github.com";
const repository = "cli/cli";

/**
 * Reads a well-known public repository through a relay on this machine, with the token of `gh auth token`.
 * @throws Error when there is no gh, or it is not logged in.
 */
export async function liveScenario(): Promise<Scenario> {
  const { stdout, exitCode } = await execa("gh", ["auth", "token", "--hostname", "github.com"], { reject: false });
  const token = stdout?.trim() ?? "";
  if (exitCode !== 0 || token === "") {
    throw new Error("--live needs the real gh, logged in to github.com: run gh auth login first.");
  }
  const raw = (path: string) => ({ args: ["api", path], expected: () => githubText(api, path, token) });
  const at = (path: string) => `repos/${repository}/${path}`;
  return {
    title: `${api}, with your own token as the pool's only identity`,
    githubApi: api,
    githubWeb: "https://github.com",
    bindings: { DEMO_TOKEN: token },
    identities: [
      { id: "you", kind: "pat", login: await loginOf(token), secret_ref: "DEMO_TOKEN", scopes: [{ owner: "*" }] },
    ],
    ghEnvironment: {},
    reads: [
      raw(at("pulls/1")),
      raw(at("issues/5/comments")),
      raw(at("git/ref/tags/v2.46.0")),
      raw(at("labels?per_page=5")),
      {
        args: ["pr", "view", "1", "-R", repository, "--json", "number,state"],
        expected: async () => {
          const { number, merged_at, state } = JSON.parse(await githubText(api, at("pulls/1"), token));
          return `${JSON.stringify({ number, state: merged_at ? "MERGED" : state.toUpperCase() })}\n`;
        },
      },
    ],
    natives: [],
    close: async () => undefined,
  };
}

async function loginOf(token: string): Promise<string> {
  return JSON.parse(await githubText(api, "user", token)).login;
}
