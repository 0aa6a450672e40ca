/**
 * A gh that asks the daemon runs with a copy of its settings, and its child processes inherit that setting. A gh among
 * those children must use the original settings, and change those.
 */
import { overlayMark } from "../../shared/protocol.ts";
import { readIfRegular } from "../../shared/regular-file.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export function ownSettings(env: Environment): Environment {
  if (!env.GH_CONFIG_DIR) return env;
  const [source = ""] = (readIfRegular(`${env.GH_CONFIG_DIR}/${overlayMark}`) ?? "").split("\n");
  return source.startsWith("/") ? { ...env, GH_CONFIG_DIR: source } : env;
}
