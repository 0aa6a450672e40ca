/** The GitHub token that proves the account at login: of github.com only, even where gh is set to another host. */
import { execa } from "execa";
import { OctopoolError } from "../../shared/errors.ts";
import { environmentText } from "../../shared/settings/environment.ts";
import type { Io } from "../io.ts";
import { realGhIfAny } from "../real-gh.ts";

interface GithubToken {
  readonly token: string;
  /** Its source, for people. */
  readonly source: "GH_TOKEN" | "GITHUB_TOKEN" | "gh auth token";
}

/** How long gh may take to look into its keyring, in milliseconds. */
const ghTimeoutMs = 15_000;

/** @throws OctopoolError `github_auth_failed` when there is none. */
export async function findGithubToken(io: Pick<Io, "env" | "ourselves">): Promise<GithubToken> {
  const { env } = io;
  for (const source of ["GH_TOKEN", "GITHUB_TOKEN"] as const) {
    const token = environmentText(env, source)?.trim();
    if (token !== undefined && token !== "") return { token, source };
  }
  const gh = realGhIfAny(io);
  if (gh === undefined)
    throw noToken("gh is not installed", "Install gh from https://cli.github.com and log in with it, or set GH_TOKEN.");
  const child = await execa(gh, ["auth", "token", "--hostname", "github.com"], {
    env: { ...env, GH_HOST: "github.com", GH_PROMPT_DISABLED: "1" },
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    timeout: ghTimeoutMs,
  });
  const token = child.stdout.trim();
  if (child.exitCode === 0 && token !== "") return { token, source: "gh auth token" };
  throw noToken(child.timedOut ? "gh did not answer in time" : "gh is not logged in to github.com");
}

function noToken(why: string, hint = "Run `gh auth login --hostname github.com`, or set GH_TOKEN."): OctopoolError {
  return new OctopoolError("github_auth_failed", `There is no GitHub token to log in with: ${why}.`, { hint });
}
