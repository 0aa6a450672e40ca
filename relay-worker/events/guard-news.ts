/** An event about a repository's visibility counts at once where it denies, and never where it allows. */
import { and, eq, ne } from "drizzle-orm";
import type { GuardNews } from "../../shared/events/marks.ts";
import { keep } from "../cache/store.ts";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { githubPublicRepos } from "../db/schema.ts";
import { settingsOf } from "../env.ts";
import { rememberedProofs, rememberProof } from "../guard/proof.ts";
import { newProof } from "../guard/verdict.ts";

/**
 * Longer than any proof that the repository is public counts. Not longer than necessary: a recorded delivery that an
 * attacker sends again would deny a public repository for this time.
 */
const deniedMs = 5 * 60_000;

export async function applyGuardNews({ deps, env }: RelayContext, { repository, news }: GuardNews): Promise<void> {
  if (news === "forget") {
    const denying = and(eq(githubPublicRepos.repo, repository), ne(githubPublicRepos.verdict, "public"));
    await database(env).delete(githubPublicRepos).where(denying);
    if (rememberedProofs(deps.memory).get(repository)?.verdict !== "public")
      rememberedProofs(deps.memory).delete(repository);
    return;
  }
  const { publicMs, notPublicMs } = settingsOf(env);
  const seen = { at: deps.clock(), etag: null, identityId: null };
  const lifetime = Math.min(notPublicMs, Math.max(deniedMs, publicMs));
  const proof = newProof(repository, news, seen, { publicMs, notPublicMs: lifetime });
  await keep(deps, env, { pool: "", proof });
  rememberProof(deps.memory, proof);
}
