/** Filters that the caller's own gh runs over the daemon's reads: exact, and without a request to GitHub. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GhFilter } from "../../../daemon/filter/index.ts";
import type { Filter } from "../../../daemon/gh/engine.ts";
import { type EngineBench, openBench } from "../gh/support/reader.ts";
import { project } from "../gh/support/world.ts";

const realGh = process.env.OCTOPOOL_GH_PATH ?? "";
const pipe = { stdin: false, stdout: false, stderr: false };

let directory: string;
let filter: GhFilter;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "filter-"));
  filter = new GhFilter({ directory: join(directory, "f"), ourselves: [] });
});
afterEach(async () => {
  await filter.close();
  rmSync(directory, { recursive: true });
});

const jq = (program: string, json = '{"a":[1,2]}'): Filter => ({ kind: "jq", program, json });
const byGh = (what: Filter, env: Record<string, string> = {}) =>
  filter.run(what, { env: { OCTOPOOL_GH_PATH: realGh, ...env }, tty: pipe });

describe.skipIf(realGh === "")("by the real gh", () => {
  test("a program's results are gh's", async () => {
    expect(await byGh(jq(".a[]"))).toEqual({ stdout: "1\n2\n", stderr: "", exitCode: 0 });
    expect(await byGh(jq("-1"))).toEqual({ stdout: "-1\n", stderr: "", exitCode: 0 });
    const template: Filter = { kind: "template", program: "{{range .a}}<{{.}}>{{end}}", json: '{"a":[1,2]}' };
    expect(await byGh(template)).toEqual({ stdout: "<1><2>", stderr: "", exitCode: 0 });
  });

  test("one that fails has its output before that, gh's words and gh's exit code", async () => {
    const failed = await byGh(jq(".a[], .a.b"));
    expect(failed).toMatchObject({ stdout: "1\n2\n", exitCode: 1 });
    expect(failed?.stderr).toMatch(/expected an object but got: array/);
  });

  test("colours are as the caller wants them", async () => {
    expect((await byGh(jq("."), { CLICOLOR_FORCE: "1", TERM: "xterm" }))?.stdout).toContain("\u001b[");
    expect((await byGh(jq(".")))?.stdout).not.toContain("\u001b[");
  });

  test.each(["{{slice .t 0 1}}", '{{printf "%.4s" .t | printf "%s"}}{{slice .t 1 3}}'])(
    "bytes that are no text are left to gh whole: %s",
    async (program) => {
      expect(await byGh({ kind: "template", program, json: '{"t":"日本"}' })).toBeUndefined();
    },
  );

  test("many at once have each their own text", async () => {
    const asked = Array.from({ length: 8 }, (_, index) => byGh(jq(".n", `{"n":${index}}`)));
    expect((await Promise.all(asked)).map((result) => result?.stdout)).toEqual(
      Array.from({ length: 8 }, (_, index) => `${index}\n`),
    );
  });

  test("nothing of the text is left behind in a file", async () => {
    await byGh(jq(".", '{"hidden":"words of a private repository"}'));
    const files = readdirSync(join(directory, "f"), { withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name)).toContain("config.yml");
    for (const { name } of files) {
      expect(readFileSync(join(directory, "f", name), "utf8")).not.toContain("private");
    }
  });
});

test.for([
  ["names variables of the caller's", jq("env.HOME"), {}, pipe],
  ["names them otherwise", jq("$ENV.HOME"), {}, pipe],
  ["prints on a terminal", jq("."), {}, { ...pipe, stdout: true }],
  ["has no gh", jq("."), { OCTOPOOL_GH_PATH: "/nonexistent", PATH: "" }, pipe],
] as const)("a command that %s is left to gh whole", async ([, what, env, tty]) => {
  expect(await filter.run(what, { env: { OCTOPOOL_GH_PATH: realGh, ...env }, tty })).toBeUndefined();
});

describe("in the engine", () => {
  let bench: EngineBench;
  beforeEach(async () => {
    bench = await openBench(project);
  });
  afterEach(() => bench[Symbol.asyncDispose]());
  const said = (stdout: string, stderr = "", exitCode = 0) => ({
    dependencies: { filter: async () => ({ stdout, stderr, exitCode }) },
  });
  const unparsed = ["api", "repos/octo/hello/labels", "--jq", ".[].name.x.y"];

  test("a program that ends in an error is gh's to run, over the JSON that was read", async () => {
    const seen: Filter[] = [];
    const filterOf = async (each: Filter) => {
      seen.push(each);
      return { stdout: "", stderr: "expected an object\n", exitCode: 1 };
    };
    const outcome = await bench.run(unparsed, { dependencies: { filter: filterOf } });
    expect(outcome).toEqual({ kind: "done", stdout: "", stderr: "expected an object\n", exitCode: 1 });
    expect(seen).toMatchObject([{ kind: "jq", program: ".[].name.x.y", json: expect.stringContaining('"bug"') }]);
    expect(bench.reader.requests).toHaveLength(1);
  });

  test("without a gh for it the whole command is native", async () => {
    expect(await bench.run(unparsed)).toMatchObject({ kind: "native" });
  });

  test("a filter that is computed here starts no gh", async () => {
    const outcome = await bench.run(["api", "repos/octo/hello/labels", "--jq", ".[0].name"], said("never"));
    expect(outcome).toMatchObject({ kind: "done", stdout: "bug\n" });
  });

  test("of several pages those before the failing one are printed", async () => {
    let page = 0;
    const filterOf = async () =>
      ++page === 1 ? { stdout: "1\n", stderr: "", exitCode: 0 } : { stdout: "half\n", stderr: "no\n", exitCode: 1 };
    const args = ["api", "repos/octo/hello/issues?state=all&per_page=2", "--paginate", "--jq", ".[].title.x"];
    const outcome = await bench.run(args, { dependencies: { filter: filterOf } });
    expect(outcome).toEqual({ kind: "done", stdout: "1\nhalf\n", stderr: "no\n", exitCode: 1 });
  });
});
