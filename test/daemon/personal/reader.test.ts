import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GraphqlPoints } from "../../../daemon/graphql-points.ts";
import { githubCom } from "../../../daemon/hosts.ts";
import type { OwnAccount } from "../../../daemon/personal/account.ts";
import { OwnCounters } from "../../../daemon/personal/counters.ts";
import { type AskGitHub, OwnGitHub } from "../../../daemon/personal/github.ts";
import { OwnMemory } from "../../../daemon/personal/memory.ts";
import { PersonalReader } from "../../../daemon/personal/reader.ts";
import { NativeRequired } from "../../../daemon/reader.ts";
import { applyChange, type GitHub, startGitHub, type WorldFile } from "../../github-emulator/index.ts";

const world: WorldFile = {
  users: [{ login: "ada" }, { login: "bob" }],
  tokens: [
    { token: "ada-token", login: "ada" },
    { token: "bob-token", login: "bob" },
  ],
  repositories: [{ name: "ada/secret", private: true, issues: [{ number: 1, title: "First", author: "ada" }] }],
};

let directory: string;
let github: GitHub;
let own: OwnGitHub;
let time: number;
/** When this machine last wrote. */
let writtenAt: number;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "personal-"));
  github = await startGitHub({ world: world, socket: join(directory, "github.sock") });
  own = new OwnGitHub({ userAgent: "octopool-test" });
  time = Date.now();
  writtenAt = 0;
});

afterEach(async () => {
  await own.close();
  await github.close();
  await rm(directory, { recursive: true });
});

function accountOf(login: string): OwnAccount {
  return { hash: `hash of ${login}`, host: githubCom, token: `${login}-token`, socket: join(directory, "github.sock") };
}

function reader(ask: AskGitHub = own.ask) {
  const counters = new OwnCounters(new GraphqlPoints());
  const unauthorized: string[] = [];
  const personal = new PersonalReader({
    ask,
    memory: new OwnMemory(() => time),
    countersOf: () => counters,
    now: () => time,
    graphqlSeconds: 5,
    writtenAt: () => writtenAt,
    onUnauthorized: ({ hash }) => unauthorized.push(hash),
  });
  return { personal, counters, unauthorized };
}

const issue = { path: "/repos/ada/secret/issues/1" };

function titleOf({ body }: { body: Uint8Array }): unknown {
  return (JSON.parse(Buffer.from(body).toString()) as { title?: unknown }).title;
}

test("an unchanged answer is confirmed by a 304 each time, and costs no budget", async () => {
  const { personal, counters } = reader();
  const first = await personal.read(issue, accountOf("ada"));
  const second = await personal.read(issue, accountOf("ada"));
  expect(titleOf(second)).toBe("First");
  expect(Buffer.from(second.body).equals(Buffer.from(first.body))).toBe(true);
  expect(counters).toMatchObject({ paid: 1, unchanged: 1 });
  expect(github.control.calls.map(({ status }) => status)).toEqual([200, 304]);
});

test("a 304 that names an encoding confirms the answer", async () => {
  const { personal, counters } = reader(async (asked) => {
    const answer = await own.ask(asked);
    return answer.status === 304 ? { ...answer, headers: { ...answer.headers, "content-encoding": "gzip" } } : answer;
  });
  for (const _time of [1, 2]) expect(titleOf(await personal.read(issue, accountOf("ada")))).toBe("First");
  expect(counters).toMatchObject({ paid: 1, unchanged: 1 });
});

test("an answer that cannot change is given to the account from memory, for ten minutes since GitHub last confirmed it", async () => {
  const { personal, counters } = reader();
  const anyAge = { ...issue, anyAge: true as const };
  await personal.read(anyAge, accountOf("ada"));
  time += 590_000;
  expect(titleOf(await personal.read(anyAge, accountOf("ada")))).toBe("First");
  await personal.read(issue, accountOf("ada"));
  time += 590_000;
  await personal.read(anyAge, accountOf("ada"));
  expect(counters).toMatchObject({ paid: 1, unchanged: 1, kept: 2 });
  await personal.read({ ...anyAge, maxAge: 0 }, accountOf("ada"));
  time += 601_000;
  await personal.read(anyAge, accountOf("ada"));
  expect(counters).toMatchObject({ paid: 1, unchanged: 3, kept: 2 });
  await expect(personal.read(anyAge, accountOf("bob"))).resolves.toMatchObject({ status: 404 });
});

test("a change is seen by the very next read", async () => {
  const { personal } = reader();
  await personal.read(issue, accountOf("ada"));
  github.mutate((state) => applyChange(state, { repository: "ada/secret", issue: 1, set: { title: "Renamed" } }));
  expect(titleOf(await personal.read(issue, accountOf("ada")))).toBe("Renamed");
});

test("an account is never given another one's answers", async () => {
  const { personal } = reader();
  await personal.read(issue, accountOf("ada"));
  expect((await personal.read(issue, accountOf("bob"))).status).toBe(404);
});

test("a token that GitHub refuses is native, forgotten, and so is all that it was told", async () => {
  const { personal, unauthorized, counters } = reader();
  await personal.read(issue, accountOf("ada"));
  github.control.fail(401, { path: issue.path }, 1);
  await expect(personal.read(issue, accountOf("ada"))).rejects.toThrow(NativeRequired);
  expect(unauthorized).toEqual(["hash of ada"]);
  await personal.read(issue, accountOf("ada"));
  expect(counters.unchanged).toBe(0);
});

test("a limit is native, and GitHub is left alone until it is over", async () => {
  const { personal } = reader();
  github.control.secondaryLimit({ path: issue.path }, 40, 1);
  await expect(personal.read(issue, accountOf("ada"))).rejects.toThrow(NativeRequired);
  const asked = github.control.calls.length;
  await expect(personal.read(issue, accountOf("ada"))).rejects.toThrow("limits");
  expect(github.control.calls).toHaveLength(asked);
  time += 41_000;
  expect((await personal.read(issue, accountOf("ada"))).status).toBe(200);
});

test("identical reads at once are two requests at most, however many they are", async () => {
  const { personal, counters } = reader();
  const hold = github.control.hold({ path: issue.path });
  const reads = Array.from({ length: 50 }, () => personal.read(issue, accountOf("ada")));
  await hold.arrived(1);
  hold.release();
  const answers = await Promise.all(reads);
  expect(answers.every((answer) => titleOf(answer) === "First")).toBe(true);
  expect(github.control.calls).toHaveLength(2);
  expect(counters.coalesced).toBe(48);
});

test("a connection that breaks is native, without a word of the request", async () => {
  const { personal } = reader();
  github.control.fail("drop", { path: issue.path }, 2);
  const failure = await personal.read(issue, accountOf("ada")).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(NativeRequired);
  expect(String(failure)).not.toContain("ada-token");
});

test.each([
  ["a page", "text/html", "<html>Unicorn!</html>"],
  ["a page under JSON's name", "application/json", "<html>Unicorn!</html>"],
  ["half an answer", "application/json", '{"number": 1, "tit'],
  ["nothing", "application/json", ""],
  ["null", "application/json", "null"],
  ["a list", "application/json", "[]"],
  ["an error without its status", "application/json", '{"message":"Server Error"}'],
])("%s with a 200 is not the answer, and a good one stays", async (_what, type, body) => {
  let wrong = false;
  const counters = new OwnCounters(new GraphqlPoints());
  const personal = new PersonalReader({
    ask: async (asked) =>
      wrong
        ? { status: 200, headers: { "content-type": type, etag: '"wrong"' }, body: Buffer.from(body) }
        : own.ask(asked),
    memory: new OwnMemory(() => time),
    countersOf: () => counters,
    now: () => time,
    graphqlSeconds: 5,
    writtenAt: () => writtenAt,
    onUnauthorized: () => undefined,
  });
  expect(titleOf(await personal.read(issue, accountOf("ada")))).toBe("First");
  wrong = true;
  await expect(personal.read(issue, accountOf("ada"))).rejects.toThrow(NativeRequired);
  wrong = false;
  expect(titleOf(await personal.read(issue, accountOf("ada")))).toBe("First");
  expect(counters.unchanged).toBe(1);
});

const query = {
  path: "/graphql",
  viewer: "the account that asks",
  own: {
    query: `query($n: Int!) { viewer { login } repository(owner: "ada", name: "secret") { issues(first: $n) { totalCount } } }`,
    variables: { n: 1 },
  },
};

const gate = { ...query, maxAge: 0 };

test("a query of fields that others decide by is asked each time, and only those in progress are one; its points are counted", async () => {
  const { personal, counters } = reader();
  const said = await personal.read(gate, accountOf("ada"));
  expect(JSON.parse(Buffer.from(said.body).toString())).toMatchObject({ data: { viewer: { login: "ada" } } });
  await personal.read(gate, accountOf("ada"));
  expect(counters).toMatchObject({ queries: 2, points: 2, paid: 0, unchanged: 0 });
  const held = github.control.hold({ path: "/graphql" });
  const together = [1, 2, 3].map(() => personal.read(gate, accountOf("ada")));
  await held.arrived(1);
  held.release();
  await Promise.all(together);
  // The others had been asked for after the first began: one more serves them both.
  expect(counters).toMatchObject({ queries: 4, coalesced: 1 });
});

test("any other query is given again for five seconds, with its own age", async () => {
  const { personal, counters } = reader();
  const first = await personal.read(query, accountOf("ada"));
  time += 4_999;
  expect(await personal.read(query, accountOf("ada"))).toEqual(first);
  expect(counters).toMatchObject({ queries: 1, kept: 1 });
  time += 1;
  expect((await personal.read(query, accountOf("ada"))).createdAt).toBe(time);
  expect(counters).toMatchObject({ queries: 2, kept: 1 });
});

test.each([
  ["a write of this machine", { writes: true, later: 0 }, {}],
  ["a bound on the age", { writes: false, later: 1_000 }, { maxAge: 1 }],
  ["a read that asks GitHub", { writes: false, later: 0 }, { maxAge: 0 }],
])("%s has a query asked anew", async (_what, { writes, later }, bound) => {
  const { personal, counters } = reader();
  await personal.read(query, accountOf("ada"));
  if (writes) writtenAt = time;
  time += later;
  await personal.read({ ...query, ...bound }, accountOf("ada"));
  expect(counters).toMatchObject({ queries: 2, kept: 0 });
});

test("a query that ended in an error is asked anew", async () => {
  const { personal, counters } = reader();
  const missing = { ...query, own: { ...query.own, query: query.own.query.replace("secret", "missing") } };
  for (const _time of [1, 2]) await personal.read(missing, accountOf("ada"));
  expect(counters).toMatchObject({ queries: 2, kept: 0 });
});

test("queries with other variables, and those of another account, are others", async () => {
  const { personal, counters } = reader();
  const other = { ...query, own: { ...query.own, variables: { n: 2 } } };
  const [one, two] = await Promise.all([
    personal.read(query, accountOf("ada")),
    personal.read(query, accountOf("bob")),
    personal.read(other, accountOf("ada")),
  ]);
  expect(Buffer.from(one.body).toString()).not.toBe(Buffer.from(two.body).toString());
  expect(counters).toMatchObject({ queries: 3, coalesced: 0 });
});

test.each([401, 403, 500, 502])("a query that GitHub answers with %i is gh's own to ask", async (status) => {
  const { personal } = reader();
  github.control.fail(status, { path: "/graphql" });
  await expect(personal.read(query, accountOf("ada"))).rejects.toBeInstanceOf(NativeRequired);
});

test("a connection that GitHub had closed costs no command: the read is sent once more", async () => {
  const { personal } = reader();
  github.control.fail("drop", {}, 1);
  expect((await personal.read(issue, accountOf("ada"))).status).toBe(200);
  github.control.fail("drop", {}, 2);
  await expect(personal.read(issue, accountOf("ada"))).rejects.toBeInstanceOf(NativeRequired);
});

test("a change in one answer makes another answer free, to the byte", async () => {
  const { personal, counters } = reader();
  for (const each of [issue, issues]) await personal.read(each, accountOf("ada"));
  github.mutate((state) => applyChange(state, { repository: "ada/secret", issue: 1, set: { title: "Renamed" } }));
  time += 1_000;
  await personal.read(issue, accountOf("ada"));
  const predicted = await personal.read(issues, accountOf("ada"));
  expect(github.control.calls.map(({ status }) => status)).toEqual([200, 200, 200, 304]);
  expect(counters).toMatchObject({ paid: 3, unchanged: 1 });
  const { personal: another } = reader();
  const asked = await another.read(issues, accountOf("ada"));
  expect(predicted.body.toString()).toBe(asked.body.toString());
  expect(predicted.headers.etag).toBe(asked.headers.etag);
  // It is kept as if GitHub had sent it.
  expect((await personal.read(issues, accountOf("ada"))).body.toString()).toBe(asked.body.toString());
  expect(github.control.calls.at(-1)?.status).toBe(304);
});

/** A GitHub that both accounts read, with its ETags by the rule or by another one; the validators that were sent. */
function sharedGitHub(salt = "") {
  let title = "First";
  const sent: (string | undefined)[] = [];
  const ask: AskGitHub = async ({ account, target, headers }) => {
    const one = { url: "https://api.github.com/repos/ada/secret/issues/1", id: 1, number: 1, title };
    const body = Buffer.from(JSON.stringify(target.endsWith("/1") ? one : [one]));
    const hash = createHash("sha256").update(`${salt}${headers.accept}:token ${account.token}:`).update(body);
    const etag = `W/"${hash.digest("hex")}"`;
    const conditions = headers["if-none-match"];
    sent.push(conditions);
    const isSame = conditions?.split(", ").includes(etag) ?? false;
    return {
      status: isSame ? 304 : 200,
      headers: { etag, "content-type": "application/json; charset=utf-8" },
      body: isSame ? Buffer.alloc(0) : body,
    };
  };
  return { ask, sent, rename: (to: string) => (title = to) };
}

const issues = { path: "/repos/ada/secret/issues" };

test.each([
  ["another account's answer", { salt: "", teller: "bob" }],
  ["an answer of a GitHub that makes its ETags otherwise", { salt: "salt", teller: "ada" }],
])("%s predicts nothing", async (_case, { salt, teller }) => {
  const shared = sharedGitHub(salt);
  const { personal, counters } = reader(shared.ask);
  await personal.read(issues, accountOf("ada"));
  shared.rename("Renamed");
  time += 1_000;
  await personal.read(issue, accountOf(teller));
  expect(JSON.parse((await personal.read(issues, accountOf("ada"))).body.toString())).toMatchObject([
    { title: "Renamed" },
  ]);
  expect(shared.sent.at(-1)?.split(", ")).toHaveLength(1);
  expect(counters).toMatchObject({ paid: 3, unchanged: 0 });
});
