/** The line that reports that an answer came from a cache. */
import type { Context } from "../context.ts";

/** A stale answer is always reported; a cached one only on a terminal where this is not disabled. */
export function cacheNotice(context: Context, announceCached: boolean): string {
  const oldest = context.reads.oldest;
  if (!oldest) return "";
  const seconds = Math.max(0, Math.round((context.now() - oldest.createdAt) / 1000));
  if (oldest.stale) return `octopool: stale answer, ${seconds}s old: GitHub has not confirmed it since\n`;
  const { env, tty } = context.invocation;
  if (!announceCached || !oldest.cached || !tty.stderr || env.OCTOPOOL_QUIET_CACHE === "1") return "";
  return `octopool: cached answer, ${seconds}s old (OCTOPOOL_FRESH=1 asks GitHub)\n`;
}
