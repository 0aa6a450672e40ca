import { describe, expect, test } from "vitest";
import { classify, normalizeQuery, routes } from "../../../shared/routes/index.ts";
import { examplePaths } from "./example-paths.ts";

describe("every row of the route table", () => {
  test.each(routes)(
    "$kind is found by an example of each of its patterns, and by no other kind's",
    ({ kind, paths }) => {
      const examples = examplePaths[kind];
      expect(examples.length).toBeGreaterThanOrEqual(paths.length);
      const query = kind === "org_repo_list" ? { type: "public" } : {};
      expect(examples.map((path) => classify(path, query)?.route.kind)).toEqual(examples.map(() => kind));
    },
  );

  test("a list of a person's repositories, gists or events is read without a credential: with one it could show private ones", () => {
    const personal = routes.filter(({ kind }) => /^(?:user|org)_.*(?:repo|gist|event|org)_?list$/.test(kind));
    expect(personal.length).toBeGreaterThan(4);
    for (const { kind, class: allowed } of personal) expect(allowed, kind).toBe("anon");
  });
});

describe("look-alikes are not routes", () => {
  test.each([
    "/repos/acme/widgets/pulls/seven",
    "/repos/acme/widgets/pulls/7/",
    "/repos/acme/widgets/pulls/7/merge",
    "/repos/acme/widgets/pulls/7/files/extra",
    "/repos/acme/widgets/issues/-1",
    "/repos/acme",
    "/repos/acme/wid%2Fgets",
    "/repos//widgets/pulls",
    "/repos/acme/widgets/contents/",
    "/repos/acme/widgets/contents/a//b",
    "/repos/acme/widgets/git/blobs/main",
    "/repos/acme/widgets/compare/main..feature",
    "/repos/acme/widgets/compare/evil:main...main",
    "/repos/acme/widgets/compare/main...evil%3Amain",
    "/repos/acme/widgets/actions/runs/1/logs",
    "/repos/acme/widgets/actions/secrets",
    "/repos/acme/widgets/hooks",
    "/repos/acme/widgets/branches/feature/x",
    "/users/-octo",
    "/users/octo--cat",
    "/users/octo-",
    "/users/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "/user",
    "/user/repos",
    "/notifications",
    "/graphql",
    "/gists/not-hex",
    "/search/users",
    "/",
    "",
    "repos/acme/widgets",
    "/REPOS/acme/widgets",
    "/repos/acme/widgets/pulls/7%00",
    "/repos/acme/widgets/labels/%ff",
  ])("%s", (path) => {
    expect(classify(path)).toBeUndefined();
  });

  test("a commit by hash and a commit by name are two kinds", () => {
    expect(classify("/repos/a/b/commits/abcdef1")?.route.kind).toBe("commit_view");
    expect(classify("/repos/a/b/commits/abcdef")?.route.kind).toBe("commit_view_ref");
    expect(classify("/repos/a/b/commits/abcdefg")?.route.kind).toBe("commit_view_ref");
    expect(classify(`/repos/a/b/commits/${"a".repeat(65)}`)?.route.kind).toBe("commit_view_ref");
  });

  test("a literal segment wins over a parameter", () => {
    expect(classify("/repos/a/b/issues/comments")?.route.kind).toBe("issue_comment_list");
    expect(classify("/repos/a/b/issues/events")?.route.kind).toBe("issue_event_list");
    expect(classify("/repos/a/b/releases/latest")?.route.kind).toBe("release_latest");
    expect(classify("/repos/a/b/pulls/comments")?.route.kind).toBe("pr_review_comment_list");
  });

  test("a bot has a profile", () => {
    expect(classify("/users/dependabot[bot]")?.route.kind).toBe("user_view");
    expect(classify("/users/dependabot%5Bbot%5D")?.route.kind).toBe("user_view");
  });
});

describe("query rules", () => {
  test.each([
    ["/users/octocat/repos", { type: "owner" }, true],
    ["/users/octocat/repos", { type: "all" }, false],
    ["/users/octocat/repos", { type: ["owner", "member"] }, false],
    ["/users/octocat/repos", { sort: "pushed" }, true],
    ["/orgs/acme/repos", { type: "private" }, false],
    ["/orgs/acme/repos", {}, true],
    ["/repos/a/b/check-suites/1", { page: "2" }, false],
    ["/repos/a/b/check-suites/1/check-runs", { check_name: "x", status: "completed", page: "2" }, true],
    ["/repos/a/b/check-suites/1/check-runs", { app_id: "1" }, false],
  ])("%s %o → %s", (path, query, allowed) => {
    expect(classify(path, query) !== undefined).toBe(allowed);
  });
});

describe("one spelling for keys", () => {
  const keyOf = (path: string, query = {}) => {
    const found = classify(path, query);
    return found && [found.canonicalPath, normalizeQuery(found.route, query)];
  };

  test("owner and repository compare without case, everything else with it", () => {
    expect(keyOf("/repos/Acme/Widgets/labels/Bug")).toEqual(keyOf("/repos/acme/widgets/labels/Bug"));
    expect(keyOf("/repos/acme/widgets/labels/bug")).not.toEqual(keyOf("/repos/acme/widgets/labels/Bug"));
    expect(classify("/repos/Acme/Widgets")?.repository).toEqual({ owner: "acme", name: "widgets" });
  });

  test("percent-encoding has one form, and an encoded slash stays inside its segment", () => {
    expect(keyOf("/repos/a/b/labels/good%20first")).toEqual(keyOf("/repos/a/b/labels/good first"));
    expect(keyOf("/repos/a/b/branches/x%2fy")).toEqual(keyOf("/repos/a/b/branches/x%2Fy"));
  });

  test("defaults are the same as nothing", () => {
    expect(keyOf("/repos/a/b/pulls", { page: "1", per_page: "30" })).toEqual(keyOf("/repos/a/b/pulls"));
    expect(keyOf("/repos/a/b/commits/abcdef1/check-runs", { filter: "latest" })).toEqual(
      keyOf("/repos/a/b/commits/abcdef1/check-runs"),
    );
    expect(keyOf("/repos/a/b/pulls", { filter: "latest" })).not.toEqual(keyOf("/repos/a/b/pulls"));
  });

  test("explicit default paging of a comparison is not the same as none", () => {
    expect(keyOf("/repos/a/b/compare/x...y", { page: "1" })).not.toEqual(keyOf("/repos/a/b/compare/x...y"));
  });

  test("the order of keys does not matter, the order of repeated values does", () => {
    expect(keyOf("/repos/a/b/pulls", { state: "all", page: "2" })).toEqual(
      keyOf("/repos/a/b/pulls", { page: "2", state: "all" }),
    );
    expect(keyOf("/repos/a/b/pulls", { x: ["1", "2"] })).not.toEqual(keyOf("/repos/a/b/pulls", { x: ["2", "1"] }));
  });
});
