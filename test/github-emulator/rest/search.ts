import { type ApiCall, type ApiReply, apiUrl, failure, type Routes, webUrl } from "../http.ts";
import { linkHeader, pageOf } from "../links.ts";
import { commitItem } from "../render/commits.ts";
import { minimalRepository, repositoryListItem } from "../render/repositories.ts";
import { issueItem } from "../render/threads.ts";
import { history } from "../world/build-git.ts";
import { blobSha } from "../world/ids.ts";
import type { Commit, Repository } from "../world/model.ts";
import { merged } from "../world/trees.ts";
import { inRange } from "./actions.ts";
import { sorted, visibleRepositories } from "./common.ts";
import { matchesIssue, matchesRepository, parseQuery, type SearchQuery, scopeOf } from "./search-query.ts";

const mostResults = 1000;

/** Search with the qualifiers that gh and people use most; any other is a plain word. */
export const searchRoutes: Routes = {
  "GET /search/issues": searching((call, query) => {
    const threads = scopeOf(query, visibleRepositories(call)).flatMap((repository) => [...repository.threads.values()]);
    const found = threads.filter((thread) =>
      matchesIssue(query, thread, call.viewer.kind === "user" ? call.viewer.account.login : null),
    );
    const sort = call.query.get("sort") ?? query.sort ?? "best";
    const by = (thread: (typeof found)[number]) =>
      sort === "updated" ? thread.updated_at : sort === "comments" ? thread.comments.length : thread.created_at;
    const ranked = sorted(
      sorted(found, (thread) => thread.number, "desc", "desc"),
      by,
      call.query.get("order") ?? query.order,
      "desc",
    );
    return page(call, ranked, (thread) => ({ ...issueItem(thread), score: 1.0 }));
  }),
  "GET /search/repositories": searching((call, query) => {
    const found = scopeOf(query, visibleRepositories(call)).filter((each) => matchesRepository(query, each));
    const sort = call.query.get("sort") ?? query.sort ?? "best";
    const by = (each: Repository) => (sort === "updated" ? each.updated_at : sort === "forks" ? each.id : each.stars);
    return page(call, sorted(found, by, call.query.get("order") ?? query.order, "desc"), (each) => ({
      ...repositoryListItem(call.world, call.viewer, each),
      score: 1.0,
    }));
  }),
  "GET /search/commits": searching((call, query) => {
    const found = scopeOf(query, visibleRepositories(call)).flatMap((repository) =>
      history(repository, repository.branches.get(repository.default_branch)?.sha ?? "")
        .filter((commit) => matchesCommit(query, commit))
        .map((commit) => ({ repository, commit })),
    );
    const sort = call.query.get("sort") === "committer-date" ? "committer" : "author";
    const ranked = sorted(found, ({ commit }) => commit[sort].date, call.query.get("order"), "desc");
    return page(call, ranked, ({ repository, commit }) => ({
      ...commitItem(repository, commit),
      repository: minimalRepository(repository),
      score: 1.0,
    }));
  }),
  "GET /search/code": searching((call, query) => {
    if (call.viewer.kind === "anonymous") return failure(401, "Requires authentication", "/search/search#search-code");
    const found = scopeOf(query, visibleRepositories(call)).flatMap((repository) => codeHits(query, repository));
    return page(call, found, ({ repository, path, content }) => codeItem(call, query, repository, path, content));
  }),
};

function searching(handle: (call: ApiCall, query: SearchQuery) => ApiReply): (call: ApiCall) => ApiReply {
  return (call) => {
    const text = call.query.get("q") ?? "";
    if (text.trim() === "") {
      return failure(422, "Validation Failed", "/search", {
        errors: [{ resource: "Search", field: "q", code: "missing" }],
      });
    }
    const query = parseQuery(text);
    const unknown = query.repositories.filter(
      (name) => !visibleRepositories(call).some((each) => each.full_name.toLowerCase() === name),
    );
    if (unknown.length > 0 && unknown.length === query.repositories.length) {
      const message =
        "The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.";
      return failure(422, "Validation Failed", "/search/", {
        errors: [{ message, resource: "Search", field: "q", code: "invalid" }],
      });
    }
    return handle(call, query);
  };
}

function page<T>(call: ApiCall, items: T[], render: (item: T) => unknown): ApiReply {
  const limited = items.slice(0, mostResults);
  const cut = pageOf(call.query, limited);
  if ((cut.number - 1) * cut.size >= mostResults)
    return failure(422, "Only the first 1000 search results are available", "/search/");
  const body = { total_count: items.length, incomplete_results: false, items: cut.items.map(render) };
  const link = linkHeader(call.path, call.query, cut);
  return { status: 200, body, ...(link ? { headers: { link } } : {}) };
}

function matchesCommit(query: SearchQuery, commit: Commit): boolean {
  const text = commit.message.toLowerCase();
  const tests: Record<string, (value: string) => boolean> = {
    author: (value) => commit.author.account?.login.toLowerCase() === value.toLowerCase(),
    committer: (value) => commit.committer.account?.login.toLowerCase() === value.toLowerCase(),
    "author-email": (value) => commit.author.email === value,
    "author-name": (value) => commit.author.name.toLowerCase().includes(value.toLowerCase()),
    "author-date": (value) => inRange(commit.author.date, value),
    "committer-date": (value) => inRange(commit.committer.date, value),
    hash: (value) => commit.sha === value,
    parent: (value) => commit.parents.includes(value),
    tree: (value) => commit.tree === value,
    merge: (value) => String(commit.parents.length > 1) === value,
  };
  return (
    query.words.every((word) => text.includes(word.toLowerCase())) &&
    query.qualifiers.every(({ name, value, not }) => (tests[name]?.(value) ?? true) !== not)
  );
}

interface Hit {
  repository: Repository;
  path: string;
  content: string;
}

function codeHits(query: SearchQuery, repository: Repository): Hit[] {
  const tests: Record<string, (path: string, value: string) => boolean> = {
    path: (path, value) => path.startsWith(value),
    filename: (path, value) => path.split("/").at(-1) === value,
    extension: (path, value) => path.endsWith(`.${value}`),
  };
  return [...merged(repository.files, new Map())].flatMap(([path, bytes]) => {
    const content = bytes.toString();
    const fits =
      query.words.every((word) => content.toLowerCase().includes(word.toLowerCase())) &&
      query.qualifiers.every(({ name, value, not }) => (tests[name]?.(path, value) ?? true) !== not);
    return fits ? [{ repository, path, content }] : [];
  });
}

function codeItem(call: ApiCall, query: SearchQuery, repository: Repository, path: string, content: string): object {
  const head = repository.branches.get(repository.default_branch)?.sha ?? "";
  const sha = blobSha(Buffer.from(content));
  const url = `${apiUrl}/repositories/${repository.id}/contents/${path}?ref=${head}`;
  return {
    name: path.split("/").at(-1),
    path,
    sha,
    url,
    git_url: `${apiUrl}/repositories/${repository.id}/git/blobs/${sha}`,
    html_url: `${webUrl}/${repository.full_name}/blob/${head}/${path}`,
    repository: minimalRepository(repository),
    score: 1.0,
    ...(call.media.textMatch ? { text_matches: textMatches(url, query.words, content) } : {}),
  };
}

function textMatches(object_url: string, words: string[], content: string): object[] {
  return words.flatMap((word) => {
    const at = content.toLowerCase().indexOf(word.toLowerCase());
    if (at === -1) return [];
    const start = Math.max(0, content.lastIndexOf("\n", at) + 1);
    const fragment = content.slice(start, start + 200);
    const text = content.slice(at, at + word.length);
    return [
      {
        object_url,
        object_type: "FileContent",
        property: "content",
        fragment,
        matches: [{ text, indices: [at - start, at - start + word.length] }],
      },
    ];
  });
}
