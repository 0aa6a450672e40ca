import { describe, expect, test } from "vitest";
import { templateTouchesOnly, touchesOnly } from "../../../daemon/gh/api/exactness.ts";
import type { ReadAnswer, ReadRequest } from "../../../daemon/reader.ts";
import { type EngineBench, fileHasBench, printed } from "./support/reader.ts";
import { project } from "./support/world.ts";

let bench: EngineBench;
fileHasBench(project, (opened) => {
  bench = opened;
});

const api = (...args: string[]) => bench.run(["api", ...args]);

/** Answers for one command, page after page. */
const pages = (...bodies: readonly (string | Partial<ReadAnswer>)[]) => {
  const answers = bodies.map((page, index): ReadAnswer => {
    const own: Partial<ReadAnswer> = typeof page === "string" ? { body: Buffer.from(page) } : page;
    const more = index + 1 < bodies.length;
    const link = { link: `<https://api.github.com/repositories/1/labels?page=${index + 2}>; rel="next"` };
    const headers = { "content-type": "application/json; charset=utf-8", ...(more && link), ...own.headers };
    return { status: 200, body: Buffer.from("[]"), answeredBy: "github", stale: false, createdAt: 0, ...own, headers };
  });
  return {
    dependencies: { reader: { read: async () => answers.shift() ?? Promise.reject(new Error("one page too many")) } },
  };
};

const labels = "repos/octo/hello/labels";
const apiOf = (surroundings: ReturnType<typeof pages>, ...args: string[]) =>
  bench.run(["api", labels, ...args], surroundings);

describe("gh api", () => {
  test.each(["repos/octo/hello/labels", "/repos/octo/hello/labels", "https://api.github.com/repos/octo/hello/labels"])(
    "%s is one read",
    async (target) => {
      expect(JSON.parse(printed(await api(target)))).toHaveLength(2);
      expect(bench.reader.requests).toMatchObject([{ path: "/repos/octo/hello/labels", query: [] }]);
    },
  );

  const checks = `repos/octo/hello/commits/${"0".repeat(40)}/check-runs`;
  const checkRuns = (count: number) => `{"total_count":${count},"check_runs":[]}`;

  test("a list that fits on a page of thirty shares the answer that other commands have of it", async () => {
    const asked: string[] = [];
    const body = checkRuns(30);
    const read = async ({ query = [] }: ReadRequest): Promise<ReadAnswer> => {
      asked.push(query.map((pair) => pair.join("=")).join("&"));
      return { status: 200, headers: {}, body: Buffer.from(body), answeredBy: "github", stale: false, createdAt: 0 };
    };
    expect(printed(await bench.run(["api", checks], { dependencies: { reader: { read } } }))).toBe(body);
    expect(asked).toEqual(["per_page=100"]);
  });

  test("a longer list is asked for as it was typed, and the next time at once", async () => {
    const asked: string[] = [];
    const said = { status: 200, headers: {}, answeredBy: "github", stale: false, createdAt: 0 } as const;
    const wide = { ...said, body: Buffer.from(checkRuns(31)) };
    const read = async ({ query = [] }: ReadRequest): Promise<ReadAnswer> => {
      asked.push(query.join());
      return query.length > 0 ? wide : { ...said, body: Buffer.from("typed") };
    };
    expect(printed(await bench.run(["api", checks], { dependencies: { reader: { read } } }))).toBe("typed");
    expect(asked).toEqual(["per_page,100", ""]);
    const reader = { read, held: () => wide };
    expect(printed(await bench.run(["api", checks], { dependencies: { reader } }))).toBe("typed");
    expect(asked).toEqual(["per_page,100", "", ""]);
  });

  test("a list that goes on after a hundred is asked for as it was typed", async () => {
    const next = { link: '<https://api.github.com/x?page=2>; rel="next"' };
    const said = { status: 200, headers: {}, answeredBy: "github", stale: false, createdAt: 0 } as const;
    const read = async ({ query = [] }: ReadRequest): Promise<ReadAnswer> =>
      query.length > 0
        ? { ...said, headers: next, body: Buffer.from(checkRuns(20)) }
        : { ...said, body: Buffer.from("typed") };
    expect(printed(await bench.run(["api", checks], { dependencies: { reader: { read } } }))).toBe("typed");
  });

  test.each([
    ["a page of its own", [`${checks}?per_page=5`]],
    ["a media type of its own", [checks, "-H", "accept: application/vnd.github.raw"]],
  ])("%s is asked for as it was typed", async (_what, args) => {
    const { requests } = bench.reader;
    await api(...args);
    expect(requests.map(({ query = [] }) => query.join())).not.toContain("per_page,100");
    expect(requests).toHaveLength(1);
  });

  test("prints GitHub's own bytes", async () => {
    const raw = '{"z":1,"a":"\\u00e9<&","n":1.0,"big":12345678901234567890}';
    expect(await apiOf(pages(raw))).toMatchObject({ kind: "done", stdout: raw });
  });

  test("keeps bytes that are no text", async () => {
    const body = Uint8Array.of(0xff, 0xfe, 0x00, 0x0d);
    const outcome = await apiOf(pages({ body, headers: { "content-type": "application/octet-stream" } }));
    expect(outcome).toMatchObject({ kind: "done", stdout: body });
  });

  test("turns fields of an explicit GET into the query, sorted, typed and plain", async () => {
    await api(
      labels,
      "-X",
      "GET",
      "-f",
      "b=x y",
      "-F",
      "a=007",
      "-F",
      "n=null",
      "-F",
      "t=true",
      "-f",
      "l[]=1",
      "-f",
      "l[]=2",
    );
    expect(bench.reader.requests[0]?.query).toEqual([
      ["a", "7"],
      ["b", "x y"],
      ["l[]", "1"],
      ["l[]", "2"],
      ["n", ""],
      ["t", "true"],
    ]);
  });

  test("an age bound comes from --cache, and from an explicit header before it", async () => {
    await api(labels, "--cache", "90s");
    await api(labels, "--cache", "90s", "-H", "Cache-Control: no-cache");
    await api(labels, "-H", "cache-control: max-age=5");
    expect(bench.reader.requests.map(({ maxAge }) => maxAge)).toEqual([90, 0, 5]);
  });

  test("OCTOPOOL_FRESH goes before --cache, and an explicit header before both", async () => {
    const env = { OCTOPOOL_FRESH: "true" };
    await bench.run(["api", labels], { env });
    await bench.run(["api", labels, "--cache", "90s"], { env });
    await bench.run(["api", labels, "--cache", "90s", "-H", "cache-control: max-age=60"], { env });
    expect(bench.reader.requests.map(({ maxAge }) => maxAge)).toEqual([0, 0, 60]);
  });

  test("previews and headers are passed on", async () => {
    await api(labels, "-p", "nebula,squirrel-girl", "-H", "X-GitHub-Api-Version:2022-11-28");
    expect(bench.reader.requests[0]?.headers).toEqual({
      accept: "application/vnd.github.nebula-preview+json, application/vnd.github.squirrel-girl-preview",
      "x-github-api-version": "2022-11-28",
    });
  });

  test("an error prints its body, gh's line, and ends with 1", async () => {
    const outcome = await api("repos/octo/hello/issues/999");
    expect(outcome).toMatchObject({ kind: "done", stderr: "gh: Not Found (HTTP 404)\n", exitCode: 1 });
    expect(JSON.parse(printed(outcome))).toMatchObject({ message: "Not Found" });
  });

  test.each([
    ['{"message":"M","errors":"why"}', "gh: why (M)\n"],
    ['{"errors":[{"message":"a"},"b"]}', "gh: a\nb\n"],
    ['{"message":"M","errors":[{"message":"a"}]}', "gh: M (HTTP 422)\n"],
    ["{}", "gh: HTTP 422\n"],
  ])("of the error %s it says %j", async (text, stderr) => {
    expect(await apiOf(pages({ status: 422, body: Buffer.from(text) }), "-q", ".x")).toMatchObject({
      stderr,
      exitCode: 1,
    });
  });

  test.each([401, 403, 429, 500, 502])("a status of %i is about the identity that asked: native", async (status) => {
    expect(await apiOf(pages({ status, body: Buffer.from("{}") }))).toMatchObject({ kind: "native" });
  });

  test("--silent prints nothing", async () => {
    expect(await apiOf(pages("[1]"), "--silent")).toMatchObject({ stdout: "", exitCode: 0 });
  });
});

describe("gh api --paginate", () => {
  test.each([
    ["joins arrays", ["[1,2]", "[3]"], "[1,2,3]"],
    [
      "prints objects one after the other",
      ['{"total_count":2,"x":[1]}', '{"total_count":2,"x":[2]}'],
      '{"total_count":2,"x":[1]}{"total_count":2,"x":[2]}',
    ],
  ])("%s", async (_name, bodies, stdout) => {
    expect(await apiOf(pages(...bodies), "--paginate")).toMatchObject({ kind: "done", stdout });
  });

  test("leaves an empty page after others to gh: the link to it may be of the past", async () => {
    expect(await apiOf(pages("[1]", "[]"), "--paginate")).toMatchObject({ kind: "native" });
    expect(await apiOf(pages("[]", "[1]"), "--paginate")).toMatchObject({ kind: "native" });
    expect(await apiOf(pages("[]"), "--paginate")).toMatchObject({ kind: "done", stdout: "[]" });
  });

  test("leaves pages of one item to gh: they are confirmed without their links", async () => {
    expect(await api(`${labels}?per_page=1`, "--paginate")).toMatchObject({ kind: "native" });
    expect(await api(`${labels}?per_page=1`)).toMatchObject({ kind: "done" });
  });

  test("runs --jq on each page", async () => {
    expect(await apiOf(pages("[1,2]", "[3]"), "--paginate", "-q", "length")).toMatchObject({ stdout: "2\n1\n" });
  });

  test("asks for a hundred a page, unless something is said", async () => {
    await api(labels, "--paginate");
    await api(`${labels}?per_page=5`, "--paginate");
    expect(bench.reader.requests.map(({ query }) => query)).toEqual([[["per_page", "100"]], [["per_page", "5"]]]);
  });

  test.each([
    ["an item comes twice", ['[{"id":1}]', '[{"id":1}]']],
    ["totals differ", ['{"total_count":2,"x":[]}', '{"total_count":3,"x":[]}']],
  ])("is native when %s", async (_name, bodies) => {
    expect(await apiOf(pages(...bodies), "--paginate")).toMatchObject({ kind: "native" });
  });

  test("is native when a later page fails", async () => {
    expect(await apiOf(pages("[1]", { status: 404 }), "--paginate")).toMatchObject({ kind: "native" });
  });

  test("nests with --slurp where gh knows it", async () => {
    const surroundings = pages("[1]", "[2]");
    expect(
      await bench.run(["api", labels, "--paginate", "--slurp"], { ...surroundings, ghVersion: "2.60.0" }),
    ).toMatchObject({
      stdout: "[[1],[2]]",
    });
    const unknown = await bench.run(["api", labels, "--paginate", "--slurp"], { ...surroundings, ghVersion: "2.46.0" });
    expect(unknown).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^unknown flag: --slurp\n\nUsage: /) });
  });
});

describe("read with the caller's own token only", () => {
  test.each([
    "user",
    "notifications",
    "rate_limit",
    "repos/octo/hello",
    "users/ada",
    "repos/octo/hello/releases",
    "repos/octo/hello/branches/main/protection",
    "repos/octo/hello/rulesets",
    "search/issues?q=is:open",
    "repos/octo/hello/something/new",
  ])("%s", async (path) => {
    await api(path);
    expect(bench.reader.requests.map(({ viewer }) => viewer !== undefined)).toEqual([true]);
  });

  test("an answer that is the same for every caller is not", async () => {
    await api(labels);
    expect(bench.reader.requests.map(({ viewer }) => viewer)).toEqual([undefined]);
  });
});

describe("native without a read", () => {
  test.each([
    ["graphql"],
    ["https://example.com/x"],
    ["repos/octo/../hello"],
    [labels, "-i"],
    [labels, "-f", "a=b"],
    [labels, "-X", "POST"],
    [labels, "-X", "GET", "-F", "a=@file"],
    [labels, "-H", "X-Other: 1"],
    [labels, "--hostname", "ghe.example"],
    [labels, "--input", "-"],
  ])("%j", async (...args) => {
    expect(await api(...args)).toMatchObject({ kind: "native" });
    expect(bench.reader.requests).toEqual([]);
  });
});

test("placeholders that nothing fills cost no read", async () => {
  expect(await api("repos/{owner}/{repo}/labels")).toMatchObject({ kind: "native" });
  expect(await api("repos/:owner/:repo/labels")).toMatchObject({ kind: "native" });
  expect(await api("repos/octo/{name}/labels")).toMatchObject({ kind: "native" });
  expect(bench.reader.requests).toEqual([]);
});

describe("a reduced body is answered through an expression that only touches surviving fields", () => {
  const fields = new Set(["name", "topics", "license"]);

  test.each([
    ".name",
    ".name, .topics",
    ".license.key",
    ".topics[0]",
    ".topics | length",
    "{name, t: .topics}",
    ".topics[] | ascii_upcase",
  ])("%s does", (jq) => {
    expect(touchesOnly(jq, fields)).toBe(true);
  });

  test.each([
    ".",
    ".permissions",
    ".name, .permissions",
    "keys",
    "{name, p: .permissions}",
    ".name as $x | .",
    "..",
    ".[]",
    "(.name)",
    "[.name]",
  ])("%s may not", (jq) => {
    expect(touchesOnly(jq, fields)).toBe(false);
  });

  test.each(["{{.name}}", '{{.name}} {{join ", " .topics}}', "{{if .license}}{{.license.key}}{{end}}"])(
    "%s does",
    (template) => {
      expect(templateTouchesOnly(template, fields)).toBe(true);
    },
  );

  test.each([
    "{{.}}",
    "{{.permissions}}",
    "{{range .topics}}{{.}}{{end}}",
    "{{$}}",
    "{{.name | printf `%v` .}}",
    "{{(.).permissions}}",
  ])("%s may not", (template) => {
    expect(templateTouchesOnly(template, fields)).toBe(false);
  });
});
