/** What a member's own token pays in an unchanged private world, with the reader that the daemon has. */
import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GraphqlPoints } from "../../daemon/graphql-points.ts";
import { githubCom } from "../../daemon/hosts.ts";
import { OwnCounters } from "../../daemon/personal/counters.ts";
import { OwnGitHub, type PersonalRequest } from "../../daemon/personal/github.ts";
import { OwnMemory } from "../../daemon/personal/memory.ts";
import { PersonalReader } from "../../daemon/personal/reader.ts";
import { Bench } from "../../scripts/differential/bench.ts";
import { readCases } from "../../scripts/differential/cases.ts";
import { askEngine } from "../../scripts/differential/octopool.ts";

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
  readonly requests: PersonalRequest[] = [];
  readonly ask = async (request: PersonalRequest) => {
    const answer = await github.ask(request);
    if (answer.status !== 304) this.requests.push(request);
    return answer;
  };
}

test("a command's second call costs no budget, but for queries of what others decide by", async () => {
  const { socket, viewerToken: token } = bench.emulator;
  const account = { hash: "hash of the viewer", host: githubCom, token, socket };
  // A terminal changes what is printed of the answers, not which are asked for.
  const cases = (await readCases(join(here, "own/cases.jsonl"))).filter(({ native, env }) => !native && !env);
  const verdicts: { readonly command: string; readonly first: number; readonly second: readonly string[] }[] = [];
  for (const each of cases) {
    const paid = new Paid();
    const counters = new OwnCounters(new GraphqlPoints());
    const reader = new PersonalReader({
      ask: paid.ask,
      memory: new OwnMemory(),
      countersOf: () => counters,
      now: () => now,
      graphqlSeconds: 5,
      writtenAt: () => 0,
      onUnauthorized: () => undefined,
    });
    const read: PersonalReader["read"] = (request) => reader.read(request, account);
    const refuse = () => Promise.reject(new Error("there is no relay"));
    const call = { args: each.args, cwd: await bench.place(each), env: await bench.environmentOf("octopool", each) };
    const ask = () =>
      askEngine(
        { ...call, stdin: each.stdin, ghVersion: "2.103.3" },
        { read: (request) => (request.graphql ? refuse() : read(request, account)) },
        () => now,
      );
    const cold = await ask();
    if (cold.native !== undefined || cold.answer.exitCode !== 0) continue;
    const first = paid.requests.splice(0).length;
    expect(await ask()).toEqual(cold);
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
