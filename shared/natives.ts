/** Commands that ran the real gh, as the daemon counts them and the client shows them. */
import * as z from "zod";
import { statePath } from "./state-file.ts";

const nativeCountSchema = z.object({
  /** Words and flags, without values. */
  shape: z.string(),
  reason: z.string(),
  /** `owner/name` that the command names, where OCTOPOOL_NATIVE_REPOSITORIES was set. */
  repository: z.string().optional(),
  /** How often gh ran by itself, and how often its requests passed through the daemon. */
  plain: z.int().nonnegative(),
  via: z.int().nonnegative(),
  /** When it was last. */
  last: z.iso.datetime(),
});
export const nativeCountsSchema = z.array(nativeCountSchema);
export type NativeCount = z.infer<typeof nativeCountSchema>;

export function nativesPath(env: Readonly<Record<string, string | undefined>>): string {
  return statePath(env, "natives.json");
}
