import { beforeEach, expect, test } from "vitest";
import { NativeRequired, type ReadAnswer, type ReadRequest } from "../../../daemon/reader.ts";
import { type EngineBench, fileHasBench } from "./support/reader.ts";
import { project } from "./support/world.ts";

let bench: EngineBench;
fileHasBench(project, (opened) => {
  bench = opened;
});

const start = Date.parse("2026-06-01T12:00:00Z");
const line = "pr view 7 --json state,mergeable,headRefOid,statusCheckRollup";

/** A machine that remembers its answers. */
class Machine {
  #now = start;
  readonly #held = new Map<string, ReadAnswer>();
  readonly more: object;

  constructor(more: object = {}) {
    this.more = more;
  }

  /** The output, and the names of the requests. */
  async look(laterMs = 0): Promise<{ readonly stdout: string; readonly asked: readonly string[] }> {
    this.#now += laterMs;
    bench.reader.requests.length = 0;
    bench.reader.answeredAs = { answeredBy: "github", stale: false, createdAt: this.#now };
    const reader = {
      read: async (request: ReadRequest) => {
        const answer = await bench.reader.read(request);
        this.#held.set(keyOf(request), answer);
        return answer;
      },
      held: (request: ReadRequest) => this.#held.get(keyOf(request)),
      ...this.more,
    };
    const env = { GH_REPO: "octo/hello" };
    const outcome = await bench.run(line.split(" "), { env, dependencies: { reader, now: () => this.#now } });
    if (outcome.kind !== "done") throw new Error(`native: ${outcome.reason}`);
    const asked = bench.reader.requests.map(({ path }) => path.split("/").at(-1) ?? "");
    return { stdout: String(outcome.stdout), asked };
  }
}

const keyOf = ({ path, query = [], graphql }: ReadRequest) => JSON.stringify([path, query, graphql?.read.key]);
const isOwn = () => true;
const isPushed = () => true;
const rest = expect.arrayContaining(["7", "check-runs", "status"]);

beforeEach(() => {
  bench.reader.before = () => undefined;
});

test("the first look at a pull request's checks is one query, and prints the same as by REST", async () => {
  const first = await new Machine().look();
  expect(first.asked).toEqual(["graphql"]);
  expect(JSON.parse(first.stdout).statusCheckRollup.length).toBeGreaterThan(0);
  const byRest = await new Machine({ isPushed }).look();
  expect(byRest.asked).toEqual(rest);
  expect(first.stdout).toBe(byRest.stdout);
});

test("a machine that looked less than a minute ago reads by REST, at once for the head that it knows", async () => {
  const machine = new Machine();
  const { stdout } = await machine.look();
  const again = await machine.look(59_999);
  expect(again.asked.slice(0, 3).toSorted()).toEqual(["7", "check-runs", "status"]);
  expect(again.asked).not.toContain("graphql");
  expect(again.stdout).toBe(stdout);
  expect((await machine.look(59_999)).asked, "counted from the last look, by either way").not.toContain("graphql");
  expect((await machine.look(60_000)).asked).toEqual(["graphql"]);
});

test.each([
  ["the caller's own token reads it", { isOwn }],
  ["events may vouch for its checks", { isPushed }],
])("no query is asked where %s", async (_where, more) => {
  const { asked } = await new Machine(more).look();
  expect(asked).toEqual(rest);
  expect(asked).not.toContain("graphql");
});

test("a pool that answers no queries reads by REST", async () => {
  bench.reader.before = ({ graphql }) => {
    if (graphql) throw new NativeRequired("local_credentials_required");
  };
  const { stdout, asked } = await new Machine().look();
  expect(asked).toEqual(rest);
  expect(stdout).toContain('"statusCheckRollup":[{');
});

test("a branch's pull request is looked for once, by either way of reading its checks", async () => {
  const looks: string[][] = [];
  for (const isRefused of [false, true]) {
    bench.reader.requests.length = 0;
    bench.reader.before = ({ graphql }) => {
      if (graphql && isRefused) throw new NativeRequired("local_credentials_required");
    };
    const args = ["pr", "view", "feature", "--json", "state,statusCheckRollup"];
    const outcome = await bench.run(args, { env: { GH_REPO: "octo/hello", OCTOPOOL_FRESH: "1" } });
    expect(outcome).toMatchObject({ kind: "done", exitCode: 0 });
    looks.push(bench.reader.requests.map(({ path }) => path).filter((path) => path.endsWith("/pulls")));
  }
  expect(looks).toEqual([["/repos/octo/hello/pulls"], ["/repos/octo/hello/pulls"]]);
});
