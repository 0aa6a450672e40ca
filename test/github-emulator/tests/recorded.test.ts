import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { acme, github } from "./helpers.ts";

const shared = new URL("../../../shared/recorded-github/exchanges.jsonl", import.meta.url).pathname;

function file(...exchanges: object[]): string {
  const folder = mkdtempSync(join(tmpdir(), "recorded-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "exchanges.jsonl");
  writeFileSync(path, exchanges.map((each) => JSON.stringify(each)).join("\n"));
  return path;
}

const exchange = {
  path: "/repos/o/r/issues",
  query: [
    ["state", "all"],
    ["page", "2"],
  ],
  status: 200,
  headers: { etag: '"abc"', "x-ratelimit-remaining": "17", link: "<x>" },
  body: [{ number: 1 }],
};

describe("recorded exchanges", () => {
  test("are served by path and query in any order, with live budgets", async () => {
    const hub = await github(undefined, { recorded: file(exchange) });
    const answer = await hub.get("/repos/O/R/issues?page=2&state=all", "any token");
    expect([answer.status, answer.text, answer.headers.get("link")]).toEqual([200, '[{"number":1}]', "<x>"]);
    expect(answer.headers.get("x-ratelimit-remaining")).toBe("4999");
    expect((await hub.get("/repos/o/r/issues?state=all", "any token")).status).toBe(404);
  });

  test("honour If-None-Match with the recorded ETag", async () => {
    const hub = await github(undefined, { recorded: file(exchange) });
    const answer = await hub.get("/repos/o/r/issues?page=2&state=all", "any", { "if-none-match": 'W/"abc"' });
    expect([answer.status, answer.text, answer.headers.get("x-ratelimit-remaining")]).toEqual([304, "", "5000"]);
  });

  test("stand before a world and make their repository public", async () => {
    const hub = await github(acme, { recorded: file(exchange) });
    expect((await hub.get("/repos/o/r", "token-ada")).json).toMatchObject({ full_name: "o/r", private: false });
    expect((await hub.get("/repos/acme/widget", "token-ada")).status).toBe(200);
  });

  test("that are not exchanges are refused with file and line", async () => {
    await expect(github(undefined, { recorded: file(exchange, { path: 1 }) })).rejects.toThrow(/exchanges\.jsonl:2 /);
  });
});

const recordedLine = z.object({
  path: z.string(),
  query: z.array(z.tuple([z.string(), z.string()])),
  status: z.number(),
  body: z.unknown(),
});

describe.skipIf(!existsSync(shared))(
  "the shared recordings (skipped where ../shared/recorded-github is absent)",
  () => {
    const lines = existsSync(shared)
      ? readFileSync(shared, "utf8")
          .trim()
          .split("\n")
          .map((line) => recordedLine.parse(JSON.parse(line)))
      : [];

    test("all come back with their status and body", async () => {
      const hub = await github(undefined, { recorded: shared });
      const all = lines.filter(({ path }) => path !== "/rate_limit"); // which is live
      expect(all).not.toEqual([]);
      await Promise.all(
        all.map(async ({ path, query, status, body }) => {
          const answer = await hub.get(`${path}?${new URLSearchParams(query)}`, "any");
          expect(answer.status, path).toBe(status);
          if (status === 200) expect(answer.json, path).toEqual(body);
        }),
      );
    });

    /** The newest recording of each kind against the same kind of the demo world: the same fields in the same order. */
    const kinds: [kind: string, recorded: string, ours: string][] = [
      ["pull request", "/repos/PyGithub/PyGithub/pulls/3370", "/repos/acme/widget/pulls/41"],
      ["issue", "/repos/EnricoMi/PyGithub/issues/13", "/repos/acme/widget/issues/2"],
      ["job", "/repos/PyGithub/PyGithub/actions/jobs/54251022208", "job"],
      ["run", "/repos/PyGithub/PyGithub/actions/runs/3910280793", "run"],
      ["check suite", "/repos/PyGithub/PyGithub/check-suites/32504127411", "suite"],
      [
        "commit",
        "/repos/PyGithub/PyGithub/commits/f5f9756a1dd52a53820cc54927abb34725377987",
        "/repos/acme/widget/commits/main",
      ],
      ["release", "/repos/EnricoMi/PyGithub/releases/tags/v1.55", "/repos/acme/widget/releases/tags/v1"],
      ["repository", "/repos/stellarcarbon/sorocarbon", "/repos/acme/widget"],
      ["label", "/repos/PyGithub/PyGithub/labels/Bug", "/repos/acme/widget/labels/bug"],
      ["git commit", "/repos/PyGithub/PyGithub/git/commits/3d84a47a88f6757514cb3ee91b829f53ba09e7e0", "git commit"],
    ];

    test.each(kinds)("a %s has the fields of a recorded one, in its order", async (_kind, recorded, ours) => {
      const hub = await github(acme);
      const repository = hub.world().repositories.get("acme/widget");
      const run = repository?.runs[0];
      const paths: Record<string, string> = {
        job: `/repos/acme/widget/actions/jobs/${run?.attempts.at(-1)?.jobs[0]?.id}`,
        run: `/repos/acme/widget/actions/runs/${run?.id}`,
        suite: `/repos/acme/widget/check-suites/${run?.suite.id}`,
        "git commit": `/repos/acme/widget/git/commits/${repository?.branches.get("main")?.sha}`,
      };
      const real = lines.find((line) => line.path === recorded && line.status === 200)?.body;
      const answer = await hub.get(paths[ours] ?? ours);
      expect(keys(answer.json)).toEqual(keys(real));
    });
  },
);

/** Field names at the top and of the objects directly below. */
function keys(value: unknown): unknown {
  const object = z.record(z.string(), z.unknown()).parse(value);
  return Object.entries(object).map(([key, inner]) => {
    const nested = [
      "user",
      "owner",
      "head",
      "base",
      "repo",
      "author",
      "_links",
      "commit",
      "stats",
      "repository",
      "head_commit",
    ].includes(key);
    return nested && typeof inner === "object" && inner !== null ? [key, Object.keys(inner)] : key;
  });
}
