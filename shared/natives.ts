/** What was left to the real gh, as the daemon counts it and the client shows it. */
import { z } from "zod";

export const nativesRoute = "/natives";

export const nativeCountSchema = z.object({
  /** Words and flags, without values. */
  shape: z.string(),
  reason: z.string(),
  /** So often gh ran by itself, and so often with its requests passing through the daemon. */
  plain: z.int().nonnegative(),
  via: z.int().nonnegative(),
  /** When it was last. */
  last: z.iso.datetime(),
});
export type NativeCount = z.infer<typeof nativeCountSchema>;

/** `$XDG_STATE_HOME/octopool/natives.json`, by default below `~/.local/state`. */
export function nativesPath(env: Readonly<Record<string, string | undefined>>): string {
  return `${env.XDG_STATE_HOME || `${env.HOME ?? ""}/.local/state`}/octopool/natives.json`;
}
