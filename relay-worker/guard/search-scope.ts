/**
 * A pooled search could show results that only the identity may see. So a search is relayed only when it is confined to
 * one repository, whose visibility the guard then checks as for any other read.
 */
import * as z from "zod";
import { fallbackLocal } from "../../shared/errors.ts";
import type { Query, Route } from "../../shared/routes/index.ts";

/** Qualifiers and operators that would widen a search beyond the repository it names. */
const widening = /(^|[\s(])(-?(org|user|owner|enterprise):|or([\s)]|$))|[()]|(^|\s)-repo:/i;
const repositoryQualifier = /(?:^|\s)repo:"?([\w.-]+)\/([\w.-]+)"?(?=\s|$)/gi;

/**
 * The one public-provable repository of a pooled search; undefined for routes that are no such search.
 * @throws OctopoolError fallback_local search_denied
 */
export function searchedRepository(route: Route, query: Query): { owner: string; name: string } | undefined {
  if (!route.search || route.class !== "pool") return undefined;
  const { q } = query;
  const text = typeof q === "string" ? q : "";
  const named = [...text.matchAll(repositoryQualifier)];
  const [, owner, name] = named[0] ?? [];
  if (named.length !== 1 || !owner || !name || widening.test(text)) {
    throw fallbackLocal("search_denied", "Only searches inside one repository (repo:OWNER/NAME) are relayed.");
  }
  return { owner: owner.toLowerCase(), name: name.toLowerCase() };
}

const itemsSchema = z.object({
  items: z.array(
    z.object({
      repository_url: z.string().optional(),
      repository: z.object({ full_name: z.string() }).optional(),
    }),
  ),
});

/** Whether every result lies in the repository the search was confined to: GitHub's reading of the query decides. */
export function staysInSearchedRepository(body: unknown, repo: string): boolean {
  const found = itemsSchema.safeParse(body).data;
  if (!found) return false;
  return found.items.every(({ repository, repository_url: url }) => {
    const name = repository?.full_name ?? url?.split("/").slice(-2).join("/");
    return name?.toLowerCase() === repo;
  });
}
