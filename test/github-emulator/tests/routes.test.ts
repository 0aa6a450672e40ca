import { describe, expect, test } from "vitest";
import { routes } from "../../../shared/routes/index.ts";
import { demoPath, loadWorld } from "../world/load.ts";
import type { Pull, World } from "../world/model.ts";
import { github } from "./helpers.ts";

/** Values for the parameters of a path, from the demo world. */
function examples(world: World): (path: string) => string {
  const repository = world.repositories.get("lumen-labs/lantern");
  const threads = [...(repository?.threads.values() ?? [])];
  const pull = threads.find(
    (each): each is Pull => each.kind === "pull" && each.reviews.some((review) => review.comments.length > 0),
  );
  const review = pull?.reviews.find((each) => each.comments.length > 0);
  const run = repository?.runs.find((each) => each.artifacts.length > 0);
  const job = run?.attempts.at(-1)?.jobs[0];
  const release = repository?.releases.find((each) => each.assets.length > 0);
  const commented = [...(repository?.commits.values() ?? [])].find((each) => each.comments.length > 0);
  const annotated = [...(repository?.tags.values() ?? [])].find((each) => each.annotation)?.annotation;
  /** By the path up to the parameter. */
  const byPrefix: Record<string, unknown> = {
    "pulls/comments": review?.comments[0]?.id,
    reviews: review?.id,
    "issues/comments": threads.find((each) => each.comments.length > 0)?.comments[0]?.id,
    "issues/events": threads[3]?.events[0]?.id,
    comments: commented?.comments[0]?.id,
    "check-suites": run?.suite.id,
    "check-runs": job?.id,
    "actions/runs": run?.id,
    "actions/jobs": job?.id,
    releases: release?.id,
    "releases/assets": release?.assets[0]?.id,
    milestones: 1,
    pulls: pull?.number,
    issues: pull?.number,
    "git/tags": annotated?.sha,
    "git/trees": repository?.commits.values().next().value?.tree,
    "git/blobs": "c7c31a2ae4b1c1ee1e7dc0a4ff2b4f1ac2f0f5b9",
  };
  const byName: Record<string, unknown> = {
    owner: "lumen-labs",
    repo: "lantern",
    org: "lumen-labs",
    login: "ada-okafor",
    gist: world.gists[0]?.id,
    license: "mit",
    template: "Node",
    sha: pull?.head.sha,
    ref: "main",
    basehead: "v2.0.0...main",
    "path+": "docs",
    branch: "main",
    tag: "v2.0.0",
    attempt: 1,
    workflow: "ci.yml",
    label: "good%20first%20issue",
    "ref_path+": "heads/main",
  };
  return (path) => {
    let done = "";
    for (const segment of path.split("/").slice(1)) {
      const before = done.split("/").filter((each) => !/^\d+$/.test(each));
      const value = byPrefix[before.slice(-2).join("/")] ?? byPrefix[before.at(-1) ?? ""];
      const name = segment.slice(1);
      done += `/${segment.startsWith(":") ? String((["id", "number", "sha"].includes(name) ? value : undefined) ?? byName[name]) : segment}`;
    }
    return done;
  };
}

const queries: Record<string, string> = {
  search_issues: "?q=lamp",
  search_code: "?q=lamp",
  search_commits: "?q=Tidy",
  search_repositories: "?q=lantern",
};

describe("the route table", () => {
  test("is answered in full from the demo world", async () => {
    const hub = await github(loadWorld(demoPath));
    const example = examples(hub.world());
    const blob = await hub.get("/repos/lumen-labs/lantern/contents/README.md");
    const sha = /"sha":"([0-9a-f]{40})"/.exec(blob.text)?.[1];
    const missing: string[] = [];
    for (const route of routes.filter((each) => each.class !== "native")) {
      for (const pattern of route.paths) {
        const path = example(pattern).replace(/git\/blobs\/.*/, `git/blobs/${sha}`);
        const answer = await hub.get(path + (queries[route.kind] ?? ""), "demo-token-ada-okafor");
        if (![200, 202, 204, 302].includes(answer.status)) missing.push(`${answer.status} ${route.kind} ${path}`);
      }
    }
    expect(missing).toEqual([]);
    expect(Object.keys(hub.control.summary().routes)).not.toContain("unknown");
  });
});
