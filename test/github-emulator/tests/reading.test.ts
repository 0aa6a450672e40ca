import { describe, expect, test } from "vitest";
import { acme, field, github, pluck } from "./helpers.ts";

describe("lists", () => {
  test("come in pages that link by the repository's id, with the query in its order", async () => {
    const hub = await github(acme);
    const id = hub.world().repositories.get("acme/widget")?.id;
    const first = await hub.get("/repos/acme/widget/issues?state=all&per_page=10");
    const base = `https://api.github.com/repositories/${id}/issues?state=all&per_page=10`;
    expect(first.headers.get("link")).toBe(`<${base}&page=2>; rel="next", <${base}&page=4>; rel="last"`);
    const last = await hub.get(`/repositories/${id}/issues?state=all&per_page=10&page=4`);
    expect(last.headers.get("link")).toBe(`<${base}&page=3>; rel="prev", <${base}&page=1>; rel="first"`);
    expect(pluck(last.json, "number")).toHaveLength(8);
  });

  test("have no Link when everything fits, and at most 100 items", async () => {
    const hub = await github(acme);
    expect((await hub.get("/repos/acme/widget/issues?state=all&per_page=1000")).headers.get("link")).toBeNull();
    expect(pluck((await hub.get("/repos/acme/widget/issues?state=all")).json, "number")).toHaveLength(30);
  });

  test("filter and sort as asked", async () => {
    const hub = await github(acme);
    const bugs = await hub.get("/repos/acme/widget/issues?labels=bug&creator=olu&direction=asc&per_page=2");
    expect(pluck(bugs.json, "number")).toEqual([2, 4]);
    expect(pluck((await hub.get("/repos/acme/widget/pulls?state=closed")).json, "number")).toEqual([41]);
    expect(pluck((await hub.get("/repos/acme/widget/pulls?head=acme:topic")).json, "number")).toEqual([40]);
  });
});

describe("a path", () => {
  test("answers by name in any case and by id", async () => {
    const hub = await github(acme);
    const id = hub.world().repositories.get("acme/widget")?.id;
    const [named, loud, numbered] = await Promise.all(
      ["/repos/acme/widget", "/repos/ACME/Widget", `/repositories/${id}`].map((path) => hub.get(path)),
    );
    expect(loud?.text).toBe(named?.text);
    expect(numbered?.text).toBe(named?.text);
  });

  test("of a renamed repository is redirected by id, with its query", async () => {
    const hub = await github(acme);
    const id = hub.world().repositories.get("acme/widget")?.id;
    const answer = await hub.get("/repos/acme/gadget/pulls/40/files?page=2");
    expect(answer.status).toBe(301);
    expect(answer.headers.get("location")).toBe(`https://api.github.com/repositories/${id}/pulls/40/files?page=2`);
    expect(field(answer.json, "message")).toBe("Moved Permanently");
  });

  test("that does not exist gives GitHub's 404 body", async () => {
    const hub = await github(acme);
    const answer = await hub.get("/repos/acme/widget/pulls/999");
    expect(answer.status).toBe(404);
    expect(answer.text).toBe(
      '{"message":"Not Found","documentation_url":"https://docs.github.com/rest/pulls/pulls#get-a-pull-request","status":"404"}',
    );
  });

  test("may hold slashes in refs, encoded or not", async () => {
    const hub = await github(acme);
    for (const path of [
      "branches/feature/x",
      "branches/feature%2Fx",
      "commits/feature/x",
      "commits/feature%2Fx/status",
    ]) {
      expect((await hub.get(`/repos/acme/widget/${path}`)).status, path).toBe(200);
    }
    expect((await hub.get("/repos/acme/widget/branches/main/protection")).json).toMatchObject({
      message: "Branch not protected",
    });
  });
});

describe("a media type", () => {
  test("gives diffs, patches and shas as text", async () => {
    const hub = await github(acme);
    const as = (format: string, path: string) =>
      hub.get(`/repos/acme/widget/${path}`, undefined, { accept: `application/vnd.github.v3.${format}` });
    expect((await as("diff", "pulls/40")).text).toMatch(/^diff --git a\/src\/a.ts b\/src\/a.ts\n/);
    expect((await as("patch", "pulls/40")).text).toMatch(/^From [0-9a-f]{40} Mon Sep 17/);
    const head = hub.world().repositories.get("acme/widget")?.branches.get("main")?.sha;
    expect((await as("sha", "commits/main")).text).toBe(head);
  });

  test("gives a file's own bytes as raw, also those that are not text", async () => {
    const hub = await github(acme);
    const response = await fetch(`${hub.url}/repos/acme/widget/contents/bin/x`, {
      headers: { accept: "application/vnd.github.raw" },
    });
    expect(Buffer.from(await response.arrayBuffer()).toString("hex")).toBe("ff00fe");
    const raw = await hub.get("/repos/acme/widget/readme", undefined, { accept: "application/vnd.github.raw+json" });
    expect(raw.text).toBe("# Widget\r\n");
  });
});

describe("logs", () => {
  test("are a redirect to a link that needs no credential for one minute", async () => {
    const hub = await github(acme);
    const job = hub.world().repositories.get("acme/widget")?.runs[0]?.attempts.at(-1)?.jobs[0];
    const answer = await hub.get(`/repos/acme/widget/actions/jobs/${job?.id}/logs`, "token-ada");
    expect(answer.status).toBe(302);
    const link = new URL(answer.headers.get("location") ?? "");
    const path = link.pathname + link.search;
    expect((await hub.get(path)).text).toContain("##[group]checkout");
    hub.clock.now += 61_000;
    expect((await hub.get(path)).status).toBe(403);
    expect((await hub.get(path.replace("sig=", "sig=x"))).status).toBe(403);
  });

  test("need credentials even where the repository is public", async () => {
    const hub = await github(acme);
    const job = hub.world().repositories.get("acme/widget")?.runs[0]?.attempts.at(-1)?.jobs[0];
    expect((await hub.get(`/repos/acme/widget/actions/jobs/${job?.id}/logs`)).status).toBe(403);
  });
});

describe("runs", () => {
  test("keep each attempt; jobs are those of the newest unless asked otherwise", async () => {
    const hub = await github(acme);
    const id = hub.world().repositories.get("acme/widget")?.runs[0]?.id;
    const run = `/repos/acme/widget/actions/runs/${id}`;
    expect((await hub.get(run)).json).toMatchObject({ run_attempt: 2, conclusion: "failure" });
    expect((await hub.get(`${run}/attempts/1`)).json).toMatchObject({ run_attempt: 1, conclusion: "cancelled" });
    expect((await hub.get(`${run}/jobs`)).json).toMatchObject({ total_count: 1 });
    expect((await hub.get(`${run}/jobs?filter=all`)).json).toMatchObject({ total_count: 2 });
  });

  test("make check runs of their jobs", async () => {
    const hub = await github(acme);
    const sha = hub.world().repositories.get("acme/widget")?.runs[0]?.sha;
    const latest = await hub.get(`/repos/acme/widget/commits/${sha}/check-runs`);
    expect(latest.json).toMatchObject({ total_count: 1, check_runs: [{ name: "build", conclusion: "failure" }] });
    expect((await hub.get(`/repos/acme/widget/commits/${sha}/check-runs?filter=all`)).json).toMatchObject({
      total_count: 2,
    });
  });
});

test("statistics are answered 202 first and then given", async () => {
  const hub = await github(acme);
  expect((await hub.get("/repos/acme/widget/stats/participation")).status).toBe(202);
  expect((await hub.get("/repos/acme/widget/stats/participation")).status).toBe(200);
});

test("search understands words, qualifiers, quotes and negation", async () => {
  const hub = await github(acme);
  const found = async (q: string) =>
    field((await hub.get(`/search/issues?q=${encodeURIComponent(q)}`)).json, "total_count");
  expect(await found("repo:acme/widget is:pr is:merged")).toBe(1);
  expect(await found("repo:acme/widget is:issue label:bug")).toBe(17);
  expect(await found("repo:acme/widget is:issue -label:bug")).toBe(18);
  expect(await found('repo:acme/widget "lost fork"')).toBe(1);
  expect((await hub.get("/search/issues?q=repo:acme/secret+is:issue")).status).toBe(422);
});

test("the web host gives diffs of public pull requests without any credential", async () => {
  const hub = await github(acme);
  expect((await hub.get("/acme/widget/pull/40.diff")).text).toMatch(/^diff --git/);
  expect((await hub.get("/acme/secret/pull/1.diff")).status).toBe(404);
  expect(hub.control.summary().routes).toEqual({ web: 2 });
});
