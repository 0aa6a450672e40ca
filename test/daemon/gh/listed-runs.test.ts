/** The output for a run that a list describes in full is that of the run itself. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { runIn } from "../../../daemon/cache/listed-runs.ts";
import { singleRunFields } from "../../../daemon/gh/run/fields.ts";
import type { GitHubReader } from "../../../daemon/reader.ts";
import { actionsWorld } from "./support/actions-world.ts";
import { type EngineBench, openBench } from "./support/reader.ts";

let bench: EngineBench;
beforeAll(async () => {
  bench = await openBench(actionsWorld);
});
afterAll(() => bench[Symbol.asyncDispose]());

/** A machine that has a list of the repository's runs. */
function knowing(): GitHubReader {
  return {
    read: (request) => bench.reader.read(request),
    listed: async (request) => {
      const [, path = "", id = ""] = /^(.+)\/(\d+)$/.exec(request.path) ?? [];
      const list = await bench.reader.read({ path, query: [["exclude_pull_requests", "true"]] });
      const body = runIn({ ...kept, body: Buffer.from(list.body) }, id);
      return body && { ...list, body };
    },
  };
}

const kept = {
  kind: "run_list",
  repository: "octo/ci",
  tags: [],
  status: 200,
  headers: {},
  askedAt: 0,
  createdAt: 0,
  toldAt: 0,
  freshUntil: 0,
  staleUntil: 0,
} as const;

test.each([
  ["run", "view", "41"],
  ["run", "view", "42"],
  ["run", "view", "41", "--json", [...singleRunFields].join(",")],
  ["run", "view", "42", "--json", [...singleRunFields].join(",")],
])("gh %s %s %s %s", async (...args) => {
  const env = { GH_REPO: "octo/ci" };
  const itself = await bench.run(args, { env });
  bench.reader.requests.length = 0;
  const listed = await bench.run(args, { env, dependencies: { reader: knowing() } });
  expect(itself.kind).toBe("done");
  expect(listed).toEqual(itself);
  expect(bench.reader.requests.map(({ path }) => path)).not.toContain(`/repos/octo/ci/actions/runs/${args[2]}`);
});

test("a watch and a run's attempt ask for the run itself", async () => {
  const env = { GH_REPO: "octo/ci" };
  for (const args of [
    ["run", "view", "41", "--attempt", "1", "--json", "status"],
    ["run", "watch", "41"],
  ]) {
    bench.reader.requests.length = 0;
    await bench.run(args, { env, dependencies: { reader: knowing() } });
    expect(bench.reader.requests.some(({ path }) => /\/runs\/41(\/attempts\/1)?$/.test(path))).toBe(true);
  }
});
