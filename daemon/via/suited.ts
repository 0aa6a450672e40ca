/** Whether a command that the real gh runs may send its requests through the daemon. */
import { environmentFlag } from "../../shared/settings/environment.ts";
import type { Invocation } from "../gh/engine.ts";
import { isFresh } from "../switches.ts";

/** First words of commands that ask GitHub and do not change settings. */
const asking: ReadonlySet<string> = new Set(
  `api cache discussion gist issue label org pr project release repo rs ruleset run search secret status variable
  workflow`.split(/\s+/),
);

/** Words of commands that also start programs or write files. */
const doing: ReadonlySet<string> = new Set(["checkout", "co", "clone", "download", "set-default"]);

/** Why not; undefined where it may. */
export function unsuited({ args, env }: Pick<Invocation, "args" | "env">): string | undefined {
  const [command = "", second = ""] = args;
  if (!asking.has(command) || doing.has(second)) return "a command that does more than ask";
  if (env.GH_DEBUG || env.DEBUG) return "gh logs its requests";
  if (isFresh(env)) return "every read is live";
  if (environmentFlag(env, "OCTOPOOL_NO_VIA")) return "OCTOPOOL_NO_VIA is set";
  const flags = command === "api" ? /^(-[^-]*i|--include|--verbose)/ : /^--web(=|$)|^-[^-]*w/;
  // A workflow is named by -w, and a browser asked for.
  const exempt = command === "run" && (second === "list" || second === "ls");
  return !exempt && args.some((arg) => flags.test(arg)) ? "headers as they come, or a browser" : undefined;
}
