import { beforeEach, describe, expect, test } from "vitest";
import { NativeRequired, type ReadRequest } from "../../../daemon/reader.ts";
import type { WorldFile } from "../../github-emulator/index.ts";
import { type EngineBench, fileHasBench, openBench, printed } from "./support/reader.ts";
import { project } from "./support/world.ts";

let bench: EngineBench;
fileHasBench(project, (opened) => {
  bench = opened;
});
beforeEach(() => {
  bench.reader.before = () => {};
  bench.reader.answeredAs = { answeredBy: "github", stale: false, createdAt: 0 };
});

const run = (line: string, surroundings?: Parameters<EngineBench["run"]>[1]) =>
  bench.run(line.split(" "), surroundings);
const inProject = (line: string, surroundings?: Parameters<EngineBench["run"]>[1]) =>
  run(`${line} -R octo/hello`, surroundings);

describe("pr view --json", () => {
  test("prints compact JSON with sorted keys and one newline", async () => {
    const outcome = await inProject("pr view 7 --json title,number,isDraft");
    expect(outcome).toMatchObject({ kind: "done", exitCode: 0, stderr: "" });
    expect(printed(outcome)).toBe('{"isDraft":false,"number":7,"title":"Feature"}\n');
  });

  test("looks a name up once for each login", async () => {
    printed(await inProject("pr view 7 --json author,assignees,headRepositoryOwner"));
    const users = bench.reader.requests.filter(({ path }) => path.startsWith("/users/")).map(({ path }) => path);
    expect(users.toSorted()).toEqual([...new Set(users)].toSorted());
  });

  test.each(["state", "mergeable", "headRefOid", "mergedAt", "closed", "closedAt", "mergeCommit"])(
    "reads the gate field %s live",
    async (field) => {
      printed(await inProject(`pr view 8 --json ${field}`));
      expect(bench.reader.requests[0]).toMatchObject({ path: "/repos/octo/hello/pulls/8", maxAge: 0 });
    },
  );

  test.each([
    ["state", true],
    ["state,headRefOid,closed,closedAt,mergedAt,mergeCommit", true],
    ["state,title", true],
    ["state,mergeable", undefined],
    ["baseRefOid", undefined],
    ["autoMergeRequest", undefined],
    ["title", undefined],
  ])("of %s events may vouch for the pull request: %s", async (fields, vouched) => {
    printed(await inProject(`pr view 8 --json ${fields}`));
    expect(bench.reader.requests[0]?.vouched).toBe(vouched);
  });

  test("events may vouch for checks, also beside requests; not with OCTOPOOL_FRESH, nor for pr checks", async () => {
    const reader = { isPushed: () => true, read: (request: ReadRequest) => bench.reader.read(request) };
    const vouched = async (line: string, env: Record<string, string> = {}) => {
      bench.reader.requests.length = 0;
      await inProject(line, { env, dependencies: { reader } });
      const names = bench.reader.requests
        .filter((request) => request.vouched)
        .map(({ path }) => path.split("/").at(-1));
      return names.toSorted();
    };
    expect(await vouched("pr view 7 --json statusCheckRollup")).toEqual(["7", "check-runs", "status"]);
    expect(await vouched("pr view 7 --json statusCheckRollup,mergeable")).toEqual(["check-runs", "status"]);
    expect(await vouched("pr view 7 --json state,statusCheckRollup", { OCTOPOOL_FRESH: "1" })).toEqual([]);
    expect(await vouched("pr checks 7")).toEqual([]);
    expect(await vouched("pr list --json state,headRefOid")).toEqual([]);
  });

  test("takes entries of the caches for anything else", async () => {
    printed(await inProject("pr view 7 --json title"));
    expect(bench.reader.requests.map(({ maxAge }) => maxAge)).toEqual([undefined]);
  });

  test("never shows a test merge as the merge commit", async () => {
    expect(printed(await inProject("pr view 7 --json mergeCommit"))).toBe('{"mergeCommit":null}\n');
  });

  test("refuses a field that a gh whose fields are known does not have in its words, and leaves it to any other gh", async () => {
    expect(await inProject("pr view 7 --json nope", { ghVersion: null })).toMatchObject({ kind: "native" });
    expect(await inProject("pr view 7 --json nope", { ghVersion: "2.90.0" })).toMatchObject({ kind: "native" });
    expect(await inProject("pr view 7 --json nope", { ghVersion: "2.96.0" })).toMatchObject({ exitCode: 1 });
    const outcome = await inProject("pr view 7 --json nope", { ghVersion: "2.46.0" });
    expect(outcome).toMatchObject({ kind: "done", stdout: "", exitCode: 1 });
    expect(outcome.kind === "done" && outcome.stderr).toMatch(
      /^Unknown JSON field: "nope"\nAvailable fields:\n {2}additions\n {2}assignees\n/,
    );
    expect(bench.reader.requests).toEqual([]);
  });

  test.each(["mergeStateStatus", "potentialMergeCommit"])(
    "%s is asked with the caller's own token, by gh's own query, with the fields beside it",
    async (field) => {
      expect(printed(await inProject(`pr view 7 --json title,comments,reviews,${field}`))).toContain(`"${field}":`);
      expect(bench.reader.requests).toMatchObject([ownQuery({ owner: "octo", repo: "hello", pr_number: 7 })]);
    },
  );

  test.each(["projectItems", "projectCards"])("%s is native before anything is read", async (field) => {
    expect(await inProject(`pr view 7 --json title,${field}`)).toMatchObject({ kind: "native" });
    expect(bench.reader.requests).toEqual([]);
  });

  test("a later gh's field is answered only where that gh is known", async () => {
    expect(await inProject("pr view 7 --json baseRefOid", { ghVersion: null })).toMatchObject({ kind: "native" });
    expect(await inProject("pr view 7 --json baseRefOid")).toMatchObject({ kind: "done", exitCode: 1 });
    const outcome = await inProject("pr view 7 --json baseRefOid", { ghVersion: "2.80.0" });
    expect(printed(outcome)).toMatch(/^\{"baseRefOid":"[0-9a-f]{40}"\}\n$/);
  });

  test("--jq without --json is gh's own error", async () => {
    expect(await bench.run(["pr", "view", "7", "-R", "octo/hello", "-q", "."])).toMatchObject({
      kind: "done",
      stderr: "cannot use `--jq` without specifying `--json`\n",
      exitCode: 1,
    });
  });
});

/** A read by gh's own query, with the caller's own token. */
function ownQuery(variables: object = expect.any(Object)) {
  return { path: "/graphql", viewer: expect.any(String), own: { variables } };
}

/** A pool without an App. */
const withoutQueries = ({ path }: ReadRequest) => {
  if (path === "/graphql") throw new NativeRequired("no_identity");
};

describe("fields of a pull request that only GraphQL has", () => {
  const asked = () => bench.reader.requests.map(({ path, maxAge, viewer }) => [path, maxAge, viewer !== undefined]);

  test("is asked with all that goes with it by one query, and live where others decide by it", async () => {
    const fields = "title,state,reviewDecision,mergeable,statusCheckRollup,commits,files";
    expect(printed(await inProject(`pr view 7 --json ${fields}`))).toContain('"reviewDecision":"');
    expect(asked()).toEqual([["/graphql", 0, false]]);
  });

  test("is one query for the pool in any order of its fields", async () => {
    printed(await inProject("pr view 7 --json title,reviewDecision"));
    printed(await inProject("pr view 7 --json reviewDecision,title"));
    const [one, other] = bench.reader.requests.map(({ graphql }) => graphql?.read.key);
    expect(one).toBeDefined();
    expect(other).toBe(one);
  });

  test("goes before the reads that the other fields take, so that a pool without it costs nothing else", async () => {
    bench.reader.before = withoutQueries;
    expect(await inProject("pr view 7 --json reviewDecision,maintainerCanModify")).toMatchObject({ kind: "native" });
    expect(bench.reader.requests).toEqual([]);
  });

  test("is one query of the caller's own together with comments, which gh asks in the same request", async () => {
    expect(printed(await inProject("pr view 7 --json comments,reviews"))).toContain('"comments":[');
    expect(asked()).toEqual([["/graphql", undefined, true]]);
  });

  test("is the caller's own question where the pool refuses it", async () => {
    bench.reader.before = ({ graphql }) => {
      if (graphql) throw new NativeRequired("no_identity");
    };
    expect(printed(await inProject("pr view 7 --json reviewDecision"))).toContain('"reviewDecision":"');
    expect(printed(await inProject("pr list --json number,reviewDecision"))).toContain('"reviewDecision":"');
    expect(asked()).toEqual([
      ["/graphql", 0, true],
      ["/graphql", 0, true],
    ]);
  });

  test("is not put together with another head: gh's own query tells all of one moment", async () => {
    await using own = await openBench(project);
    own.reader.before = ({ path }) => {
      if (path !== "/repos/octo/hello/pulls/7") return;
      own.github.mutate((now) => {
        const pull = now.repositories.get("octo/hello")?.threads.get(7);
        if (pull?.kind === "pull") pull.head.sha = "0".repeat(40);
      });
    };
    const args = ["pr", "view", "7", "-R", "octo/hello", "--json", "reviewDecision,maintainerCanModify"];
    expect(printed(await own.run(args))).toContain('"maintainerCanModify":');
    expect(own.reader.requests.at(-1)).toMatchObject(ownQuery());
  });

  test.each(["reviews", "latestReviews"])(
    "%s take the caller's own list of reviews, and no age bound",
    async (field) => {
      printed(await inProject(`pr view 8 --json title,${field}`));
      expect(asked()).toEqual([
        ["/graphql", undefined, false],
        ["/repos/octo/hello/pulls/8/reviews", undefined, true],
      ]);
    },
  );
});

describe("which pull request", () => {
  test.each([
    "7",
    "#7",
    "007",
    "https://github.com/octo/hello/pull/7",
    "https://github.com/octo/hello/pull/7/files#x",
    "feature",
  ])("%s is number 7", async (selector) => {
    expect(printed(await inProject(`pr view ${selector} --json number`))).toBe('{"number":7}\n');
  });

  test("one that does not exist is gh's own error, once the repository is known to exist", async () => {
    expect(await inProject("pr view 999 --json title")).toMatchObject({
      kind: "done",
      stderr: "GraphQL: Could not resolve to a PullRequest with the number of 999. (repository.pullRequest)\n",
      exitCode: 1,
    });
  });

  test("a branch without one is gh's own error", async () => {
    expect(await inProject("pr view nothing --json number")).toMatchObject({
      kind: "done",
      stderr: 'no pull requests found for branch "nothing"\n',
      exitCode: 1,
    });
  });

  test.each(["main", "patch-1"])("the common branch name %s is looked for as gh does", async (branch) => {
    const stderr = `no pull requests found for branch "${branch}"\n`;
    expect(await inProject(`pr view ${branch} --json number`)).toMatchObject({ kind: "done", stderr, exitCode: 1 });
    expect(bench.reader.requests).toMatchObject([ownQuery(expect.objectContaining({ headRefName: branch }))]);
  });

  test.each(["pr view 7 --web", "pr view 0", "pr view 99999999999"])("%s is native", async (line) => {
    expect(await inProject(line)).toMatchObject({ kind: "native" });
  });

  test("another host is native", async () => {
    expect(await run("pr view 7 -R ghe.example/octo/hello")).toMatchObject({ kind: "native" });
    expect(await run("pr view https://ghe.example/octo/hello/pull/7")).toMatchObject({ kind: "native" });
    expect(await inProject("pr view 7", { env: { GH_HOST: "ghe.example" } })).toMatchObject({ kind: "native" });
    expect(bench.reader.requests).toEqual([]);
  });
});

describe("pr status", () => {
  test("is one query of the caller's own, of which nothing is kept or shared", async () => {
    const said = printed(await inProject("pr status"));
    expect(said).toBe(`
Relevant pull requests in octo/hello

Created by you
  You have no open pull requests

Requesting a code review from you
  You have no pull requests to review

`);
    expect(bench.reader.requests).toMatchObject([ownQuery()]);
  });

  test.each([
    ["a terminal", { tty: { stdout: true } }, "pr status"],
    ["colours", { env: { CLICOLOR_FORCE: "1" } }, "pr status"],
    ["a field that gh asks for otherwise", {}, "pr status --json number,projectItems"],
  ])("with %s is left to gh before anything is read", async (_what, surroundings, line) => {
    expect(await inProject(line, surroundings)).toMatchObject({ kind: "native" });
    expect(bench.reader.requests).toEqual([]);
  });

  test("asks for the very pull request that the branch of a checkout merges", async () => {
    const answers: Readonly<Record<string, string>> = {
      "symbolic-ref": "refs/heads/theirs\n",
      config: "branch.theirs.remote origin\nbranch.theirs.merge refs/pull/7/head\n",
    };
    const git = async ([command = ""]: readonly string[]) => answers[command] ?? Promise.reject(new Error(command));
    const env = { GH_REPO: "octo/hello" };
    const said = printed(await bench.run(["pr", "status"], { env, dependencies: { git } }));
    expect(said).toContain("Current branch\n  #7  ");
    expect(bench.reader.requests).toMatchObject([ownQuery(expect.objectContaining({ number: 7 }))]);
  });
});

describe("an answer that was read", () => {
  test("is asked by one query of the caller's own when the head moved meanwhile", async () => {
    await using moving = await openBench(project);
    moving.reader.before = ({ path }) => {
      if (!path.endsWith("/files")) return;
      moving.github.mutate((world) => {
        const thread = world.repositories.get("octo/hello")?.threads.get(7);
        if (thread && "head" in thread) thread.head.sha = "f".repeat(40);
      });
    };
    printed(await moving.run(["pr", "view", "7", "-R", "octo/hello", "--json", "files"]));
    expect(moving.reader.requests.at(-1)).toMatchObject(ownQuery());
  });

  test("is all live with OCTOPOOL_FRESH=1", async () => {
    printed(await inProject("pr view 7 --json author,files,statusCheckRollup", { env: { OCTOPOOL_FRESH: "1" } }));
    expect(bench.reader.requests.length).toBeGreaterThan(5);
    expect(new Set(bench.reader.requests.map(({ maxAge }) => maxAge))).toEqual(new Set([0]));
  });

  test("says on a terminal that it was cached, unless that is silenced", async () => {
    bench.reader.answeredAs = { answeredBy: "relay", stale: false, createdAt: Date.parse("2026-06-01T11:59:00Z") };
    const tty = { stderr: true };
    expect(await inProject("pr list", { tty })).toMatchObject({
      stderr: expect.stringMatching(/cached answer, 60s old/),
    });
    expect(await inProject("pr list")).toMatchObject({ stderr: "" });
    expect(await inProject("pr list", { tty, env: { OCTOPOOL_QUIET_CACHE: "1" } })).toMatchObject({ stderr: "" });
  });

  test("always says that it is stale", async () => {
    bench.reader.answeredAs = { answeredBy: "relay", stale: true, createdAt: Date.parse("2026-06-01T11:00:00Z") };
    expect(await inProject("pr list", { env: { OCTOPOOL_QUIET_CACHE: "1" } })).toMatchObject({
      stderr: expect.stringMatching(/stale answer, 3600s old/),
    });
  });

  test("is native when its shape is not GitHub's", async () => {
    const read = bench.reader.read.bind(bench.reader);
    const reader = {
      read: async (request: Parameters<typeof read>[0]) => ({ ...(await read(request)), body: Buffer.from("{}") }),
    };
    expect(await inProject("pr view 7 --json title", { dependencies: { reader } })).toMatchObject({
      kind: "native",
      reason: expect.stringContaining("unexpected shape"),
    });
  });
});

describe("pr list", () => {
  const many = {
    repositories: [
      {
        name: "octo/many",
        pulls: Array.from({ length: 31 }, (_, index) => ({ title: `P ${index}`, author: "ada", head: `b${index}` })),
      },
    ],
  };

  test("prints the requested fields, newest first, and no more", async () => {
    await using list = await openBench(many);
    list.reader.before = withoutQueries;
    const outcome = await list.run([
      "pr",
      "list",
      "-R",
      "octo/many",
      "-L",
      "3",
      "--json",
      "number",
      "--jq",
      ".[].number",
    ]);
    expect(printed(outcome)).toBe("31\n30\n29\n");
    expect(printed(await list.run(["pr", "list", "-R", "octo/many"])).split("\n")).toHaveLength(31);
  });

  test.each([
    ["additions", "31", "done"],
    ["files", "16", "done"],
    ["files", "17", "native"],
    ["statusCheckRollup", "16", "done"],
    ["statusCheckRollup", "17", "native"],
    // gh's own query costs as much.
    ["commits", "16", "done"],
  ])("with %s of %s pull requests is %s", async (field, limit, kind) => {
    await using list = await openBench(many);
    list.reader.before = withoutQueries;
    const outcome = await list.run(["pr", "list", "-R", "octo/many", "-L", limit, "--json", field]);
    expect(outcome).toMatchObject({ kind });
    if (kind === "native") expect(list.reader.requests.length).toBeLessThan(3);
  });

  test("says on a terminal how many there are, of which it shows some", async () => {
    await using list = await openBench(many);
    const surroundings = { tty: { stdout: true }, env: { NO_COLOR: "1" } };
    const outcome = await list.run(["pr", "list", "-R", "octo/many", "-L", "2"], surroundings);
    expect(printed(outcome)).toMatch(
      /^\nShowing 2 of 31 open pull requests in octo\/many\n\nID {3}TITLE {2}BRANCH {2}CREATED AT\n#31 /,
    );
  });

  test("filters by author, label, assignee, draft and base", async () => {
    const numbers = async (...flags: string[]) =>
      printed(
        await bench.run([
          "pr",
          "list",
          "-R",
          "octo/hello",
          "-s",
          "all",
          ...flags,
          "--json",
          "number",
          "-q",
          ".[].number",
        ]),
      );
    expect(await numbers("-A", "ADA")).toBe("9\n7\n");
    expect(await numbers("-l", "feature", "-l", "BUG")).toBe("7\n");
    expect(await numbers("-a", "bob")).toBe("7\n");
    expect(await numbers("-d")).toBe("9\n");
    expect(await numbers("-B", "nowhere")).toBe("");
    expect(await numbers("-H", "feature")).toBe("7\n");
  });
});

type Repositories = NonNullable<WorldFile["repositories"]>;
type RunOfWorld = NonNullable<Repositories[number]["runs"]>[number];

/** The project with this for the run of pull request 7. */
function withRun(run: Omit<RunOfWorld, "workflow" | "pull">): WorldFile {
  const repositories = (project.repositories ?? []).map((repository) =>
    repository.name === "octo/hello" ? { ...repository, runs: [{ workflow: "CI", pull: 7, ...run }] } : repository,
  );
  return { ...project, repositories };
}

describe("pr checks", () => {
  test("prints a line each and ends as they ended", async () => {
    const outcome = await inProject("pr checks 7");
    expect(outcome).toMatchObject({ kind: "done", exitCode: 0 });
    expect(printed(outcome)).toMatch(/^build\tpass\t[0-9hms]+\thttps:\/\/github\.com\/octo\/hello\/\S+\t\n$/);
  });

  test("says where there are none", async () => {
    expect(await inProject("pr checks 9")).toMatchObject({
      exitCode: 1,
      stderr: "no checks reported on the 'draft-branch' branch\n",
    });
  });

  test.each(["pr checks 7", "pr checks 7 --json bucket"])(
    "%s does not say green from a cache: it asks again",
    async (line) => {
      const { requests } = bench.reader;
      bench.reader.answeredAs = { answeredBy: "relay", stale: false, createdAt: 0 };
      const outcome = await inProject(line, { ghVersion: "2.63.0" });
      expect(outcome).toMatchObject({ kind: "done", exitCode: 0 });
      const live = requests.filter(({ maxAge }) => maxAge === 0).map(({ path }) => path.replace(/[0-9a-f]{40}/, "SHA"));
      expect(new Set(live)).toEqual(
        new Set(["pulls/7", "commits/SHA/check-runs", "commits/SHA/status"].map((at) => `/repos/octo/hello/${at}`)),
      );
    },
  );

  test.each([
    ["GitHub said since the command began is said as it is", 0, []],
    ["was asked for before the command began is asked again", -1, ["7", "check-runs", "status"]],
  ])("green that %s", async (_what, later, again) => {
    const { requests } = bench.reader;
    const began = Date.parse("2026-06-01T12:00:00Z");
    bench.reader.answeredAs = { answeredBy: "github", stale: false, createdAt: began + later };
    expect(await inProject("pr checks 7")).toMatchObject({ kind: "done", exitCode: 0 });
    const live = requests.filter(({ maxAge }) => maxAge === 0).map(({ path }) => path.replace(/.*\//, ""));
    expect(live).toEqual(again);
  });

  test.each([
    ["pr checks 7", 0],
    ["pr view 7 --json state,mergeable,statusCheckRollup", 0],
  ])("%s of a head that is known takes one round: no read waits for another", async (line, exitCode) => {
    const { reader } = bench;
    reader.answeredAs = { answeredBy: "github", stale: false, createdAt: Date.parse("2026-06-01T12:00:00Z") };
    const told = new Map<string, Awaited<ReturnType<typeof reader.read>>>();
    const known = {
      read: async (request: ReadRequest) => {
        const answer = await reader.read(request);
        told.set(JSON.stringify([request.path, request.query ?? []]), answer);
        return answer;
      },
      held: ({ path, query = [] }: ReadRequest) => told.get(JSON.stringify([path, query])),
    };
    const surroundings = { dependencies: { reader: known } };
    // The first look at a pull request is one query.
    await inProject(line, surroundings);
    const first = await inProject(line, surroundings);
    reader.requests.length = 0;
    let answered = 0;
    const rounds: number[] = [];
    const timed = {
      held: known.held,
      read: async (request: ReadRequest) => {
        rounds.push(answered);
        const answer = await known.read(request);
        answered++;
        return answer;
      },
    };
    expect(await inProject(line, { dependencies: { reader: timed } })).toEqual(first);
    expect(first).toMatchObject({ kind: "done", exitCode });
    expect(rounds.filter((before) => before > 0).length, "reads that waited for another").toBe(0);
    expect(reader.requests.map(({ path }) => path).filter((path) => path.endsWith("/actions/runs"))).toEqual([]);
  });

  test("answers for an old head are thrown away after the head has moved", async () => {
    const { reader } = bench;
    const old = { head: { sha: "0".repeat(40) } };
    const held = ({ path }: ReadRequest) =>
      path.endsWith("/pulls/7")
        ? {
            status: 200,
            headers: {},
            body: Buffer.from(JSON.stringify(old)),
            createdAt: Date.parse("2026-06-01T12:00:00Z"),
          }
        : undefined;
    const moved = { read: (request: ReadRequest) => reader.read(request), held };
    const line = "pr view 7 --json headRefOid,statusCheckRollup";
    expect(await inProject(line, { dependencies: { reader: moved } })).toEqual(await inProject(line));
  });

  test("green of a head that a cache names is not said where GitHub names another one", async () => {
    const { reader } = bench;
    const green = await inProject("pr checks 7");
    expect(green).toMatchObject({ exitCode: 0 });
    const stale = {
      read: async (request: ReadRequest) => {
        const answer = await reader.read(request);
        if (!request.path.endsWith("/pulls/9") || request.maxAge === 0) return answer;
        // Of this one a cache still has the head of the other, which is green.
        const other = await reader.read({ ...request, path: request.path.replace("/9", "/7") });
        const body = Buffer.from(JSON.stringify({ ...JSON.parse(String(Buffer.from(other.body))), number: 9 }));
        return { ...answer, body, answeredBy: "relay" as const, createdAt: 0 };
      },
    };
    const outcome = await inProject("pr checks 9", { dependencies: { reader: stale } });
    expect(outcome).toEqual(await inProject("pr checks 9"));
    expect(outcome).toMatchObject({ exitCode: 1, stderr: "no checks reported on the 'draft-branch' branch\n" });
  });

  test("a check that is pending or has failed may come from a cache", async () => {
    await using busy = await openBench(
      withRun({ status: "in_progress", jobs: [{ name: "build", status: "in_progress" }] }),
    );
    busy.reader.answeredAs = { answeredBy: "relay", stale: false, createdAt: 0 };
    expect(await busy.run(["pr", "checks", "7", "-R", "octo/hello"])).toMatchObject({ exitCode: 8 });
    expect(busy.reader.requests.filter(({ path }) => path.endsWith("/check-runs"))).toHaveLength(1);
  });

  test("a watch reads live, prints at each look, and waits half a minute at least", async () => {
    await using watched = await openBench(
      withRun({ status: "in_progress", jobs: [{ name: "build", status: "in_progress" }] }),
    );
    const emitted: string[] = [];
    const waits: number[] = [];
    const outcome = await watched.run(["pr", "checks", "7", "-R", "octo/hello", "--watch", "-i", "5"], {
      dependencies: {
        emit: (_stream, chunk) => emitted.push(String(chunk)),
        sleep: async (milliseconds) => {
          waits.push(milliseconds);
          if (waits.length === 3) {
            watched.github.mutate((world) => {
              for (const suite of world.repositories.get("octo/hello")?.suites ?? []) {
                for (const check of suite.checks) Object.assign(check, { status: "completed", conclusion: "success" });
              }
            });
          }
        },
      },
    });
    expect(waits.slice(0, 3)).toEqual([30_000, 60_000, 120_000]);
    expect(emitted[0]).toMatch(
      /^Refreshing checks status every 5 seconds\. Press Ctrl\+C to quit\.\n\nbuild\tpending\t/,
    );
    expect(printed(outcome)).toMatch(/^build\tpass\t.*\nbuild\tpass\t/);
    const ages = watched.reader.requests.filter(({ path }) => path.includes("/pulls/")).map(({ maxAge }) => maxAge);
    expect(new Set(ages)).toEqual(new Set([0]));
  });
});
