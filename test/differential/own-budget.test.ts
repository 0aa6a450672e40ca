/** Requests that a member's own token pays for in an unchanged private world, with the reader that the daemon has. */
import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AskGitHub, OwnGitHub } from "../../daemon/personal/github.ts";
import { OwnMemory } from "../../daemon/personal/memory.ts";
import type { GitHubReader } from "../../daemon/reader.ts";
import { Bench } from "../../scripts/differential/bench.ts";
import { readCases } from "../../scripts/differential/cases.ts";
import { askEngine } from "../../scripts/differential/octopool.ts";
import { Choices } from "../../scripts/fuzz/random.ts";
import { openBench, trials } from "../../scripts/fuzz/world/index.ts";
import { ownReaders } from "./own-reader.ts";

const here = import.meta.dirname;
const now = Date.now();

let world: string;
let bench: Bench;
let github: OwnGitHub;

beforeAll(async () => {
  world = await mkdtemp(join(tmpdir(), "octopool-own-budget-"));
  const files = (await readdir(join(here, "worlds"))).map((name) => join(here, "worlds", name));
  for (const [index, file] of [...files, join(here, "own/own.json")].entries()) {
    await copyFile(file, join(world, `${index}.json`));
  }
  bench = await Bench.open({ world });
  github = new OwnGitHub({ userAgent: "octopool-test" });
});

afterAll(async () => {
  await github.close();
  await bench.close();
  await rm(world, { recursive: true });
});

/** Requests that took budget. */
class Paid {
  readonly requests: Parameters<AskGitHub>[0][] = [];
  readonly ask: AskGitHub = async (request) => {
    const answer = await github.ask(request);
    if (answer.status !== 304) this.requests.push(request);
    return answer;
  };
}

const readersOf = (paid: Paid, emulator = bench.emulator) =>
  ownReaders(emulator, { ask: paid.ask, memory: new OwnMemory(() => now), now: () => now });

/** Those that the engine answers. A terminal changes the output, not the requests. */
async function casesHere() {
  return (await readCases(join(here, "own/cases.jsonl"))).filter(({ native, env }) => !native && !env);
}

type Case = Awaited<ReturnType<typeof casesHere>>[number];

async function ask(each: Case, reader: GitHubReader, at = bench) {
  const call = { args: each.args, cwd: await at.place(each), env: await at.environmentOf("octopool", each) };
  return askEngine({ ...call, stdin: each.stdin, ghVersion: "2.103.3" }, reader, () => now);
}

test("a command's second call costs no budget, but for queries of fields that others decide by", async () => {
  const verdicts: { readonly command: string; readonly first: number; readonly second: readonly string[] }[] = [];
  for (const each of await casesHere()) {
    const paid = new Paid();
    const { readsAlone } = readersOf(paid);
    const cold = await ask(each, readsAlone);
    if (cold.native !== undefined || cold.answer.exitCode !== 0) continue;
    const first = paid.requests.splice(0).length;
    expect(await ask(each, readsAlone)).toEqual(cold);
    const second = paid.requests.map(({ target }) => target);
    verdicts.push({ command: each.args.join(" "), first, second });
  }
  expect(verdicts.filter(({ first }) => first > 0).length).toBeGreaterThan(60);
  const paying = verdicts.filter(({ second }) => second.length > 0);
  expect(paying.map(({ command }) => command)).toEqual([
    "pr view 10 -R crew/vault --json reviewDecision,mergeStateStatus,reviews,latestReviews",
    "pr view 10 -R crew/vault --json number,title,body,comments,reviews,reviewRequests,statusCheckRollup,commits,files",
    "pr list -R crew/vault --json number,reviewDecision,reviews,statusCheckRollup",
    "pr list -R crew/vault -s all --json number,mergeStateStatus,autoMergeRequest,latestReviews",
    "pr status -R crew/vault",
    "pr status -c -R crew/vault",
    "pr status -R crew/vault --json number,reviewDecision,reviews,mergeStateStatus",
  ]);
  expect(new Set(paying.flatMap(({ second }) => second))).toEqual(new Set(["/graphql"]));
});

test("a second call over a random private repository reads for free, what is missing included", async () => {
  const trialOf = await trials();
  const paying: string[] = [];
  let answered = 0;
  for (let seed = 0; seed < 250; seed++) {
    const { repository, command } = trialOf(new Choices(seed));
    await using opened = await openBench({ ...repository, private: true });
    const paid = new Paid();
    const { readsAlone } = readersOf(paid, opened.bench.emulator);
    const cold = await ask(command, readsAlone, opened.bench);
    if (cold.native !== undefined || cold.answer.exitCode !== 0) continue;
    answered += 1;
    paid.requests.length = 0;
    expect(await ask(command, readsAlone, opened.bench)).toEqual(cold);
    const reads = paid.requests.filter(({ target }) => target !== "/graphql");
    if (reads.length > 0) paying.push(`${command.args.join(" ")}: ${reads.map(({ target }) => target).join(" ")}`);
  }
  expect(answered).toBeGreaterThan(150);
  expect(paying).toEqual([]);
});

test("decided by cost, a first call pays no more, and each look prints the same", async () => {
  const less: string[] = [];
  for (const each of await casesHere()) {
    const command = each.args.join(" ");
    const paid = new Paid();
    const expected = await ask(each, readersOf(paid).readsAlone);
    if (expected.native !== undefined) continue;
    const byReads = paid.requests.splice(0).length;
    const { byCost } = readersOf(paid);
    const decided = await ask(each, byCost);
    if (decided.native !== undefined) {
      expect(decided.native, command).toMatch(/^(?:[7-9]|\d{2,}) requests, where gh makes 1$/);
      continue;
    }
    expect(decided, command).toEqual(expected);
    const byCostFirst = paid.requests.splice(0).length;
    expect(byCostFirst, command).toBeLessThanOrEqual(byReads);
    if (byCostFirst === byReads) continue;
    less.push(command);
    const looks = 2 * byReads + 2;
    for (let look = 2; look <= looks; look++) expect(await ask(each, byCost), command).toEqual(expected);
    // Queries until they have cost as much as the reads, and the reads once.
    expect(byCostFirst + paid.requests.length, command).toBeLessThanOrEqual(2 * byReads);
  }
  expect(less.length).toBeGreaterThan(0);
}, 120_000);
