import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { NativeRequired } from "../../../daemon/reader.ts";
import { actionsWorld } from "./support/actions-world.ts";
import { type EngineBench, openBench, printed } from "./support/reader.ts";

let bench: EngineBench;
beforeAll(async () => {
  bench = await openBench(actionsWorld);
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(() => {
  bench.reader.requests.length = 0;
  bench.reader.before = () => {};
});

const run = (line: string, surroundings?: Parameters<EngineBench["run"]>[1]) =>
  bench.run(line.split(" "), surroundings);
const inCi = (line: string, surroundings?: Parameters<EngineBench["run"]>[1]) =>
  run(`${line} -R octo/ci`, surroundings);
const asked = () => bench.reader.requests.map(({ path }) => path.replace("/repos/octo/ci", ""));
const terminal = { tty: { stdout: true }, env: { NO_COLOR: "1" } };

describe("run list", () => {
  test("prints tab-separated values, newest first", async () => {
    const lines = printed(await inCi("run list -L 2")).split("\n");
    expect(lines[0]).toMatch(/^in_progress\t\tGoing\tCI\ttopic\tpush\t43\t\d+h\d+m0s\t2026-05-01T10:04:00Z$/);
    expect(lines[1]).toMatch(/^completed\tsuccess\tMatrix\tNightly\tmain\tpush\t42\t/);
  });

  test("does not read the workflows where no field needs their names", async () => {
    printed(await inCi("run list --json databaseId,conclusion"));
    expect(asked()).toEqual(["/actions/runs"]);
  });

  test("takes the name from the workflow, not from the run", async () => {
    const output = printed(await inCi("run list -w nightly --json workflowName,workflowDatabaseId"));
    expect(JSON.parse(output)).toEqual([{ workflowDatabaseId: 12, workflowName: "Nightly" }]);
  });

  test("asks for no more than the limit", async () => {
    printed(await inCi("run list -L 2 --json databaseId"));
    expect(bench.reader.requests[0]?.query).toContainEqual(["per_page", "2"]);
  });

  test("hands GitHub the filters", async () => {
    await inCi("run list -b main -u ada -s failure -e push -c abc --created >2026-01-01 --json databaseId");
    expect(bench.reader.requests[0]?.query).toEqual(
      expect.arrayContaining([
        ["branch", "main"],
        ["actor", "ada"],
        ["status", "failure"],
        ["event", "push"],
        ["created", ">2026-01-01"],
        ["head_sha", "abc"],
      ]),
    );
  });

  test("a repository without runs is an empty list, and a word on a terminal", async () => {
    expect(await run("run list -R octo/none")).toMatchObject({ kind: "done", stdout: "", stderr: "", exitCode: 0 });
    expect(await run("run list -R octo/none", terminal)).toMatchObject({ stdout: "", stderr: "no runs found\n" });
    expect(printed(await run("run list -R octo/none --json name"))).toBe("[]\n");
  });

  test("a disabled workflow is not found by its name", async () => {
    expect(await inCi("run list -w Old")).toMatchObject({
      kind: "done",
      stdout: "",
      stderr: "could not find any workflows named Old\n",
      exitCode: 1,
    });
  });

  test.each(["-w x/y.yml", "-s SUCCESS"])("%s is left to the real gh", async (flags) => {
    expect(await inCi(`run list ${flags}`)).toMatchObject({ kind: "native" });
  });
});

describe("run view", () => {
  test("shows jobs, failed steps, annotations and artifacts", async () => {
    expect(printed(await inCi("run view 41"))).toBe(`
X main CI · 41
Triggered via push about 1 month ago

JOBS
X build in 1m0s (ID 401)
  X Set up
  X Test

ANNOTATIONS
X broken
build: b.ts#2


ARTIFACTS
logs
old (expired)

To see what failed, try: gh run view 41 --log-failed
View this run on GitHub: https://github.com/octo/ci/actions/runs/41
`);
  });

  test("--exit-status fails with the run", async () => {
    expect(await inCi("run view 41 --exit-status")).toMatchObject({ exitCode: 1 });
    expect(await inCi("run view 42 --exit-status")).toMatchObject({ exitCode: 0 });
  });

  test("many jobs are asked for annotations only where their check run counts some", async () => {
    expect(printed(await inCi("run view 42"))).toContain("! careful\ncell 7: a.ts#4\n");
    const annotations = asked().filter((path) => path.endsWith("/annotations"));
    expect(annotations).toEqual(["/check-runs/507/annotations"]);
  });

  test("a job that runs has no end: Go's zero time in JSON, no duration in text", async () => {
    const { jobs } = JSON.parse(printed(await inCi("run view 43 --json jobs")));
    expect(jobs[0]).toMatchObject({ completedAt: "0001-01-01T00:00:00Z", conclusion: "", status: "in_progress" });
    expect(printed(await inCi("run view 43"))).toContain("* build (ID 403)\n");
  });

  test("an attempt is named in the heading and in the address", async () => {
    expect(printed(await inCi("run view 41 --attempt 1"))).toContain("· 41 (Attempt #1)\n");
    const { url } = JSON.parse(printed(await inCi("run view 41 --attempt 1 --json url")));
    expect(url).toBe("https://github.com/octo/ci/actions/runs/41/attempts/1");
  });

  test("the number of an attempt is a field since gh 2.50", async () => {
    const attemptOf = (ghVersion: string) => inCi("run view 41 --json attempt", { ghVersion });
    expect(printed(await attemptOf("2.50.0"))).toBe('{"attempt":1}\n');
    expect(await attemptOf("2.49.2")).toMatchObject({ kind: "native", reason: "attempt is a field of gh 2.50" });
    expect(await attemptOf("2.46.0")).toMatchObject({ exitCode: 1 });
  });

  test("a job stands for its run", async () => {
    const output = printed(await inCi("run view --job 401"));
    expect(output).toContain("X build in 1m0s (ID 401)\n  X Set up\n");
    expect(output).toContain("To see the logs for the failed steps, try: gh run view --log-failed --job=401\n");
    expect(output).not.toContain("JOBS");
  });

  test.each(["abc", "41 --log"])("%s is left to the real gh", async (rest) => {
    expect(await inCi(`run view ${rest}`)).toMatchObject({ kind: "native" });
  });
});

test("a matrix of more than a hundred jobs is read whole", async () => {
  const jobs = Array.from({ length: 130 }, (_, at) => ({
    id: 9001 + at,
    name: `build ${at + 1}`,
    conclusion: "success" as const,
  }));
  const wide = await openBench({
    users: [{ login: "ada" }],
    organizations: [{ login: "octo" }],
    repositories: [{ name: "octo/wide", workflows: [{ name: "CI" }], runs: [{ id: 900, workflow: "CI", jobs }] }],
  });
  await using _close = wide;
  const output = printed(await wide.run("run view 900 --json jobs -R octo/wide".split(" ")));
  expect(JSON.parse(output).jobs).toHaveLength(130);
});

describe("run watch", () => {
  test("a run that has ended is believed only live", async () => {
    expect(printed(await inCi("run watch 42"))).toBe("Run Nightly (42) has already completed with 'success'\n");
    expect(bench.reader.requests.filter(({ path }) => path.endsWith("/runs/42")).map(({ maxAge }) => maxAge)).toEqual([
      undefined,
      0,
    ]);
  });

  test("--exit-status fails with the run", async () => {
    expect(await inCi("run watch 41 --exit-status")).toMatchObject({ exitCode: 1 });
  });

  test("prints each look, waits at least half a minute, doubling, and ends with the run", async () => {
    const waits: number[] = [];
    const screens: string[] = [];
    const outcome = await inCi("run watch 43", {
      dependencies: {
        emit: (_stream, chunk) => screens.push(String(chunk)),
        sleep: async (milliseconds) => {
          waits.push(milliseconds);
          if (waits.length === 2) {
            bench.github.mutate((world) => {
              const watched = world.repositories.get("octo/ci")?.runs.find(({ id }) => id === 43);
              Object.assign(watched?.attempts.at(-1) ?? {}, { status: "completed", conclusion: "success" });
            });
          }
        },
      },
    });
    expect(waits).toEqual([30_000, 60_000]);
    expect(screens).toHaveLength(2);
    expect(screens[0]).toMatch(
      /^Refreshing run status every 3 seconds\. Press Ctrl\+C to quit\.\n\n\* topic CI · 43\n/,
    );
    expect(printed(outcome)).toMatch(/^✓ topic CI · 43\n/);
    expect(outcome).toMatchObject({ exitCode: 0 });
  });

  test.each([
    [1, [30_000, 5_000], { exitCode: 0, stderr: "" }],
    [2, [30_000, 5_000, 10_000], { exitCode: 0, stderr: "" }],
    [3, [30_000, 5_000, 10_000], { exitCode: 1, stderr: "github_unreachable\n" }],
  ])(
    "%d looks that fail once something is printed: tried again, three end the watch",
    async (failures, waits, ended) => {
      const state = (now: object) =>
        bench.github.mutate((world) => {
          const watched = world.repositories.get("octo/ci")?.runs.find(({ id }) => id === 43);
          Object.assign(watched?.attempts.at(-1) ?? {}, now);
        });
      state({ status: "in_progress", conclusion: null });
      let failing = 0;
      bench.reader.before = () => {
        if (failing === 0) return;
        failing -= 1;
        throw new NativeRequired("github_unreachable");
      };
      const slept: number[] = [];
      const outcome = await inCi("run watch 43", {
        dependencies: {
          sleep: async (milliseconds) => {
            slept.push(milliseconds);
            if (slept.length > 1) return;
            failing = failures;
            state({ status: "completed", conclusion: "success" });
          },
        },
      });
      bench.reader.before = () => {};
      expect(slept).toEqual(waits);
      expect(outcome).toMatchObject({ kind: "done", ...ended });
    },
  );

  test("its last screen shows nothing that was read before the last look began", async () => {
    const state = (now: object) =>
      bench.github.mutate((world) => {
        const watched = world.repositories.get("octo/ci")?.runs.find(({ id }) => id === 43);
        Object.assign(watched?.attempts.at(-1) ?? {}, now);
      });
    state({ status: "in_progress", conclusion: null });
    let time = Date.parse("2026-06-01T12:00:00Z");
    bench.reader.before = () => {
      bench.reader.answeredAs = { answeredBy: "github", stale: false, createdAt: time };
    };
    const outcome = await inCi("run watch 43", {
      dependencies: {
        now: () => time,
        sleep: async (milliseconds) => {
          time += milliseconds;
          bench.reader.requests.length = 0;
          state({ status: "completed", conclusion: "success" });
        },
      },
    });
    bench.reader.before = () => {};
    expect(printed(outcome)).toMatch(/^✓ topic CI · 43\n/);
    const last = bench.reader.requests.map(({ path }) => path.replace(/.*\/actions\/runs/, ""));
    expect(last.slice(0, 2)).toEqual(["/43", "/43/jobs"]);
  });

  test("a first look that fails is left to the real gh", async () => {
    bench.reader.before = () => {
      throw new NativeRequired("github_unreachable");
    };
    expect(await inCi("run watch 43")).toMatchObject({ kind: "native", reason: "github_unreachable" });
    bench.reader.before = () => {};
  });
});

describe("workflow", () => {
  test("list shows active ones, --all every one", async () => {
    expect(printed(await inCi("workflow list"))).toBe("CI\tactive\t11\nNightly\tactive\t12\n");
    expect(printed(await inCi("workflow list -a"))).toContain("Old\tdisabled_manually\t13\n");
    expect(printed(await inCi("workflow list --json name,path -L 1"))).toBe(
      '[{"name":"CI","path":".github/workflows/ci.yml"}]\n',
    );
  });

  test("view shows the latest runs, by id, name or file", async () => {
    const output = printed(await inCi("workflow view nightly.yml"));
    expect(output).toContain("Nightly - nightly.yml\nID: 12\n\nTotal runs 1\nRecent runs\n");
    expect(printed(await inCi("workflow view 12"))).toBe(output);
    expect(printed(await inCi("workflow view nightly"))).toBe(output);
  });

  test("view on a terminal shows the headings of no runs", async () => {
    const surroundings = { tty: { stdout: true }, env: { NO_COLOR: "1" } };
    const output = printed(await bench.run(["workflow", "view", "13", "-R", "octo/ci"], surroundings));
    expect(output).toMatch(/\n\nTotal runs 0\n {2}TITLE {2}WORKFLOW {2}BRANCH {2}EVENT {2}ID\n\nTo see the YAML/);
  });

  test("view --yaml is the file's bytes", async () => {
    expect(printed(await inCi("workflow view CI --yaml"))).toBe("on: push\n");
  });
});

describe("release", () => {
  test("view of a tag, and of the latest", async () => {
    const output = printed(await inCi("release view v1"));
    expect(output).toContain("title:\tOne\ntag:\tv1\ndraft:\tfalse\nprerelease:\tfalse\nauthor:\tada\n");
    expect(output).toMatch(/--\nFirst\.\n$/);
    expect(printed(await inCi("release view"))).toBe(output);
    expect(printed(await inCi("release view v2 --json name,isPrerelease"))).toBe('{"isPrerelease":true,"name":""}\n');
  });

  test("no latest release is gh's own refusal", async () => {
    expect(await run("release view -R octo/none")).toMatchObject({
      kind: "done",
      stderr: "release not found\n",
      exitCode: 1,
    });
  });

  test("a list is the same for every caller only without drafts", async () => {
    expect(await inCi("release list")).toMatchObject({ kind: "done" });
    expect(bench.reader.requests.some(({ viewer }) => viewer !== undefined)).toBe(true);
    expect(printed(await inCi("release list --exclude-drafts"))).toBe(
      "v2\tPre-release\tv2\t2026-05-01T10:13:00Z\nOne\tLatest\tv1\t2026-05-01T10:11:00Z\n",
    );
    const oldest = printed(await inCi("release list --exclude-drafts -O asc -L 1 --json tagName,isLatest"));
    expect(oldest).toBe('[{"isLatest":true,"tagName":"v1"}]\n');
  });
});

describe("runs that do not exist", () => {
  const url = "https://api.github.com/repos/octo/ci/actions";

  test.each([
    ["run view 999", `failed to get run: HTTP 404: Not Found (${url}/runs/999?exclude_pull_requests=true)`],
    ["run watch 999", `failed to get run: HTTP 404: Not Found (${url}/runs/999?exclude_pull_requests=true)`],
    [
      "run view 41 --attempt 9",
      `failed to get run: HTTP 404: Not Found (${url}/runs/41/attempts/9?exclude_pull_requests=true)`,
    ],
    ["run view --job 999", `failed to get job: HTTP 404: Not Found (${url}/jobs/999)`],
    ["run list -w 99", `HTTP 404: Not Found (${url}/workflows/99)`],
    ["workflow view nope.yml", `HTTP 404: Not Found (${url}/workflows/nope.yml)`],
    [
      "workflow view CI --yaml --ref nope",
      "could not find workflow file ci.yml on nope, try specifying a different ref",
    ],
  ])("%s is said in gh's words", async (line, words) => {
    expect(await inCi(line)).toMatchObject({ kind: "done", stdout: "", stderr: `${words}\n`, exitCode: 1 });
  });

  test("later versions say that a workflow is not on the default branch", async () => {
    expect(await inCi("run list -w 99", { ghVersion: "2.103.0" })).toMatchObject({
      stderr: `HTTP 404: workflow 99 not found on the default branch (${url}/workflows/99)\n`,
    });
    expect(await inCi("run list -w 99", { ghVersion: "2.60.0" })).toMatchObject({ kind: "native" });
  });
});

describe("label list", () => {
  test("is in the order the labels were made", async () => {
    const names = JSON.parse(printed(await inCi("label list --json name"))).map(({ name }: { name: string }) => name);
    expect(names).toEqual(["bug", "Feature", "needs: triage"]);
    expect(printed(await inCi("label list --order desc -L 1"))).toBe("needs: triage\t\t#ededed\n");
  });

  test.each([
    ["-S bug", ["bug"]],
    ["--sort name", ["bug", "Feature", "needs: triage"]],
    ["--json name,createdAt", ["bug", "Feature", "needs: triage"]],
  ])("%s is GitHub's to search, to sort and to tell: the caller's own query", async (flags, names) => {
    const said = printed(await inCi(`label list ${flags}`));
    const listed = said.startsWith("[")
      ? JSON.parse(said).map(({ name }: { name: string }) => name)
      : said.split("\n").flatMap((line) => (line === "" ? [] : [line.split("\t")[0]]));
    expect(listed).toEqual(names);
    expect(bench.reader.requests.at(-1)).toMatchObject({ path: "/graphql", viewer: expect.any(String) });
  });
});

describe("repo view", () => {
  test("prints the description and the README", async () => {
    expect(printed(await run("repo view octo/ci"))).toBe("name:\tocto/ci\ndescription:\tRuns\n--\n# Hello\n\n");
    expect(printed(await run("repo view octo/none"))).toBe("name:\tocto/none\ndescription:\t\n");
  });

  test("reads nothing beside the repository that no field needs", async () => {
    printed(await run("repo view octo/ci --json name,stargazerCount,licenseInfo,primaryLanguage"));
    expect(bench.reader.requests).toHaveLength(1);
  });

  test("counts open items, and knows the latest release and the parent", async () => {
    const fields = "issues,pullRequests,latestRelease,languages,repositoryTopics,labels";
    const body = JSON.parse(printed(await run(`repo view octo/ci --json ${fields}`)));
    expect(body).toMatchObject({
      issues: { totalCount: 0 },
      pullRequests: { totalCount: 0 },
      latestRelease: { tagName: "v1" },
      languages: [{ size: 900, node: { name: "TypeScript" } }, { size: 10 }],
      repositoryTopics: [{ name: "ci" }],
    });
    const fork = JSON.parse(printed(await run("repo view ada/ci --json parent")));
    expect(fork).toMatchObject({ parent: { name: "ci", owner: { login: "octo" } } });
  });

  test.each([
    ["viewerDefaultMergeMethod", "MERGE"],
    ["isEmpty", false],
    ["assignableUsers", []],
    ["templateRepository", null],
  ])("%s is not in REST: the caller's own query tells it, with the fields beside it", async (field, value) => {
    const shown = JSON.parse(printed(await run(`repo view octo/ci --json name,${field}`)));
    expect(shown).toMatchObject({ name: "ci", [field]: value });
    expect(bench.reader.requests).toEqual([
      expect.objectContaining({ path: "/graphql", viewer: expect.any(String), own: expect.any(Object) }),
    ]);
  });
});

describe("repo list", () => {
  test("the public ones are every caller's", async () => {
    const names = JSON.parse(printed(await run("repo list octo --visibility public --json nameWithOwner")));
    expect(names).toHaveLength(2);
    expect(printed(await run("repo list ada --visibility public --fork"))).toMatch(/^ada\/ci\t\tpublic, fork\t/);
  });
});

describe("search", () => {
  test("issues of one repository: gh's query, its order of parameters", async () => {
    printed(await run("search issues crash --repo octo/ci --label bug --state open --sort created --json number"));
    expect(bench.reader.requests[0]).toMatchObject({
      path: "/search/issues",
      query: [
        ["order", "desc"],
        ["page", "1"],
        ["per_page", "30"],
        ["q", "crash label:bug repo:octo/ci state:open type:issue"],
        ["sort", "created"],
      ],
    });
  });

  test.each(["search code x --repo octo/ci", "search commits x --repo octo/ci"])(
    "%s: which matches are shown, and how, is not proven: native",
    async (line) => {
      expect(await run(line)).toMatchObject({ kind: "native" });
      expect(bench.reader.requests).toHaveLength(0);
    },
  );

  test("public repositories", async () => {
    const found = JSON.parse(printed(await run("search repos ci --visibility public --json fullName")));
    expect(found).toEqual([{ fullName: "octo/ci" }]);
  });
});
