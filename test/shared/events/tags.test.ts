import { describe, expect, test } from "vitest";
import { concerns, tagsOf } from "../../../shared/events/tags.ts";
import { classify, type RouteKind, routes } from "../../../shared/routes/index.ts";

/** Kinds of which no event tells, or that cannot change: their lifetimes alone bound them. */
const untagged: ReadonlySet<RouteKind> = new Set<RouteKind>([
  ...(["commit_view", "git_blob", "git_commit", "git_tag", "git_tree"] as const),
  ...(["issue_reactions", "issue_comment_reactions", "pr_review_comment_reactions"] as const),
  ...(["subscriber_list", "repo_event_list", "network_event_list", "repo_contributors"] as const),
]);
const untaggedFamily = /^(repo_stats_|user_|org_|search_|gist_|emoji_|github_|license_|gitignore_|rate_limit)/;

test.each(routes.filter((route) => route.class !== "native"))(
  "$kind depends on tags, or stands in the list of those without an event",
  ({ kind, paths }) => {
    const parameters = Object.fromEntries(
      [...paths.join("/").matchAll(/:(\w+)/g)].map((match) => [match[1] ?? "", "7"]),
    );
    const tags = tagsOf({ kind, params: parameters, query: {} });
    const expected = untagged.has(kind) || untaggedFamily.test(kind) ? "none" : "some";
    expect(tags.length === 0 ? "none" : "some").toBe(expected);
  },
);

function tagsOfPath(path: string, query: Readonly<Record<string, string>> = {}) {
  const found = classify(path, query);
  if (!found) throw new Error(`no known read: ${path}`);
  return tagsOf({ kind: found.route.kind, params: found.params, query });
}

const sha = "0123456789abcdef0123456789abcdef01234567";

test.each([
  ["/repos/o/r/pulls/7", ["pull:7"]],
  ["/repos/o/r/pulls/7/files", ["pull:7:code", "pull:7"]],
  ["/repos/o/r/issues/7/comments", ["comments:7"]],
  [`/repos/o/r/commits/${sha}/check-runs`, [`sha:${sha}`]],
  ["/repos/o/r/commits/main/check-runs", ["checks", "refs"]],
  ["/repos/o/r/actions/runs/5", ["run:5"]],
  ["/repos/o/r/actions/runs/5/jobs", ["run:5", "run:5:jobs"]],
  ["/repos/o/r/actions/runs/5/artifacts", ["run:5", "run:5:jobs"]],
  ["/repos/o/r/branches/feature%2Fx", ["ref:heads/feature/x", "refs"]],
  ["/repos/o/r/git/ref/heads/feature/x", ["ref:heads/feature/x", "refs"]],
  ["/repos/o/r/contents/a/b.txt", ["code"]],
])("%s depends on %j", (path, tags) => {
  expect(tagsOfPath(path)).toEqual(tags);
});

test("a file at a branch depends on that branch's moves too", () => {
  expect(tagsOfPath("/repos/o/r/contents/a.txt", { ref: "next" })).toEqual(["refs", "code"]);
});

describe("a mark concerns an answer", () => {
  test.each([
    [["*"], ["pull:7"], true],
    [["pull:7"], ["pull:7"], true],
    [["pull:8"], ["pull:7"], false],
    [["pull:*"], ["pull:7"], true],
    [["pull:7"], ["pull:70"], false],
    [["issue:*"], ["issues"], false],
    [["pull:7"], [], false],
  ] as const)("%j on %j: %s", (marked, tags, expected) => {
    expect(concerns(marked, tags)).toBe(expected);
  });
});
