/** A member's own token: what others change between two looks is in the second, whatever the daemon holds. */
import { afterAll, expect, test } from "vitest";
import { OwnGitHub } from "../../daemon/personal/github.ts";
import { OwnMemory } from "../../daemon/personal/memory.ts";
import type { Bench } from "../../scripts/differential/bench.ts";
import type { Case } from "../../scripts/differential/cases.ts";
import { askEngine } from "../../scripts/differential/octopool.ts";
import { Choices } from "../../scripts/fuzz/random.ts";
import { openBench, trials } from "../../scripts/fuzz/world/index.ts";
import type { RepositoryFile } from "../github-emulator/index.ts";
import { changed } from "./change.ts";
import { ownReaders } from "./own-reader.ts";

const github = new OwnGitHub({ userAgent: "octopool-test" });
afterAll(() => github.close());

type Way = "readsAlone" | "byCost";

/** Longer than a query's answer is kept. */
const betweenLooksMs = 7000;

/**
 * A command's output before and after a change, twice, by a daemon that holds what it saw, beside the output of one that
 * holds nothing; undefined where it is left to gh.
 */
async function looks(way: Way, states: readonly [RepositoryFile, RepositoryFile], command: Case) {
  await using before = await openBench(states[0]);
  await using after = await openBench(states[1]);
  let now = Date.now();
  const look = async (bench: Bench, memory: OwnMemory) => {
    const readers = ownReaders(bench.emulator, { ask: (request) => github.ask(request), memory, now: () => now });
    const call = {
      args: command.args,
      cwd: await bench.place(command),
      env: await bench.environmentOf("octopool", command),
    };
    const { native, answer } = await askEngine({ ...call, ghVersion: "2.103.3" }, readers[way], () => now);
    if (native !== undefined) return undefined;
    const { stdout, stderr, exitCode } = answer;
    return { stdout: Buffer.from(stdout).toString(), stderr: Buffer.from(stderr).toString(), exitCode };
  };
  const memory = new OwnMemory(() => now);
  const seen = [];
  for (const { bench } of [before, after, before, after]) {
    seen.push({ expected: await look(bench, new OwnMemory(() => now)), got: await look(bench, memory) });
    now += betweenLooksMs;
  }
  return seen;
}

test.each<Way>(["readsAlone", "byCost"])("a look prints what a daemon that holds nothing would: %s", async (way) => {
  const trialOf = await trials();
  const different: object[] = [];
  let compared = 0;
  let changes = 0;
  for (let seed = 0; seed < 50; seed++) {
    const random = new Choices(seed);
    const { repository, command } = trialOf(random);
    const before = { ...repository, private: true };
    const seen = await looks(way, [before, changed(random, before, command.args)], command);
    // To leave a command to gh is right at any time, and cost may say so.
    const both = seen.filter(({ expected, got }) => expected !== undefined && got !== undefined);
    compared += both.length;
    if (new Set(both.map(({ expected }) => JSON.stringify(expected))).size > 1) changes++;
    for (const { expected, got } of both) {
      if (JSON.stringify(expected) !== JSON.stringify(got)) different.push({ seed, command, expected, got });
    }
  }
  expect(different).toEqual([]);
  expect(compared).toBeGreaterThan(100);
  expect(changes).toBeGreaterThan(10);
});

/** A repository with an issue of so many comments. */
function discussed(count: number): RepositoryFile {
  const comments = Array.from({ length: count }, (_, at) => ({ author: "bob", body: `Comment ${at}` }));
  return { name: "tide/pool", private: true, issues: [{ number: 1, title: "One", author: "bob", comments }] };
}

/** A repository with so many open issues; the oldest may be closed. */
function tracked(count: number, oldest: "open" | "closed"): RepositoryFile {
  const issues = Array.from({ length: count }, (_, at) => ({
    number: at + 1,
    title: `Issue ${at + 1}`,
    author: "bob",
    state: at === 0 ? oldest : ("open" as const),
  }));
  return { name: "tide/pool", private: true, issues };
}

const commentsOf = (query: string) => ["api", `repos/tide/pool/issues/1/comments${query}`, "--paginate"];

test.each<[string, Case, RepositoryFile, RepositoryFile]>([
  ["a comment after a full page", { args: [...commentsOf(""), "--jq", ".[].body"] }, discussed(100), discussed(101)],
  [
    "a comment after the second full page",
    { args: [...commentsOf("?per_page=2"), "--jq", ".[].body"] },
    discussed(4),
    discussed(5),
  ],
  [
    "a comment after the hundredth",
    { args: ["issue", "view", "1", "-R", "tide/pool", "--comments"] },
    discussed(100),
    discussed(101),
  ],
  [
    "an old issue that was closed, in the number of open ones",
    { args: ["issue", "list", "-R", "tide/pool"], env: { GH_FORCE_TTY: "90" } },
    tracked(120, "open"),
    tracked(120, "closed"),
  ],
])("the links of an unchanged page are those of now: %s", async (_what, command, before, after) => {
  const seen = await looks("readsAlone", [before, after], command);
  const [first, second] = seen.map(({ got }) => got);
  expect([first, second]).toEqual(seen.slice(0, 2).map(({ expected }) => expected));
  expect(first).toBeDefined();
  expect(second).not.toEqual(first);
});

test("a page that a list no longer has is left to gh, which prints none", async () => {
  const seen = await looks("readsAlone", [discussed(3), discussed(2)], { args: commentsOf("?per_page=2") });
  expect(seen.map(({ got }) => got === undefined)).toEqual([false, true, false, true]);
});
