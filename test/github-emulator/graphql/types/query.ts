import type { Account, Repository } from "../../world/model.ts";
import { connection, type PageArguments, refusal } from "../connection.ts";
import type { GraphqlViewer } from "../context.ts";
import { findNode } from "../nodes.ts";
import { searchRepositories, searchThreads } from "../search.ts";

interface SearchArguments extends PageArguments {
  query: string;
  type: string;
}

export const query = {
  Query: {
    viewer: (_: unknown, __: unknown, { account }: GraphqlViewer): Account => {
      if (account) return account;
      throw refusal("FORBIDDEN", "Resource not accessible by integration");
    },
    repository: (_: unknown, { owner, name }: { owner: string; name: string }, viewer: GraphqlViewer): Repository => {
      const key = `${owner}/${name}`.toLowerCase();
      const found = viewer.world.repositories.get(key) ?? viewer.world.renamed.get(key);
      if (found && viewer.mayRead(found)) return found;
      throw refusal("NOT_FOUND", `Could not resolve to a Repository with the name '${owner}/${name}'.`);
    },
    repositoryOwner: (_: unknown, { login }: { login: string }, { world }: GraphqlViewer) =>
      present(world, login) ?? null,
    user: (_: unknown, { login }: { login: string }, { world }: GraphqlViewer): Account => {
      const account = present(world, login);
      if (account?.type === "User") return account;
      throw refusal("NOT_FOUND", `Could not resolve to a User with the login of '${login}'.`);
    },
    organization: (_: unknown, { login }: { login: string }, { world }: GraphqlViewer): Account => {
      const account = present(world, login);
      if (account?.type === "Organization") return account;
      throw refusal("NOT_FOUND", `Could not resolve to an Organization with the login of '${login}'.`);
    },
    node: (_: unknown, { id }: { id: string }, viewer: GraphqlViewer) => nodeOf(viewer, id),
    nodes: (_: unknown, { ids }: { ids: string[] }, viewer: GraphqlViewer) => ids.map((id) => nodeOf(viewer, id)),
    relay: () => ({}),
    search: (_: unknown, { query: text, type, ...page }: SearchArguments, viewer: GraphqlViewer) => {
      const [found, count] =
        type === "REPOSITORY"
          ? [searchRepositories(viewer, text), "repositoryCount"]
          : [type.startsWith("ISSUE") ? searchThreads(viewer, text) : [], "issueCount"];
      return { ...connection<object>(found, fromTheTop(page), "search"), [count]: found.length };
    },
  },
};

/** A search's `last` without `before` is a page from the top too: gh reads issue searches that way. */
function fromTheTop(page: PageArguments): PageArguments {
  return page.first == null && page.last != null && !page.before
    ? { after: page.after ?? null, first: page.last }
    : page;
}

function present(world: GraphqlViewer["world"], login: string): Account | undefined {
  const account = world.accounts.get(login.toLowerCase());
  return account?.deleted ? undefined : account;
}

function nodeOf(viewer: GraphqlViewer, id: string): object {
  const node = findNode(viewer, id);
  if (node) return node;
  throw refusal("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
}
