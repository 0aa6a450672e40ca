/** A change in one answer is predicted for the others, and GitHub confirms it: the change is paid once. */
import { beforeEach, describe, expect, test } from "vitest";
import { sha256Hex } from "../../../../relay-worker/auth/tokens.ts";
import { json } from "../../support/github.ts";
import { advance, TestRelay } from "../../support/relay.ts";

const repo = "/repos/acme/widgets";
const sha = "5".repeat(40);
const jobsPath = `${repo}/actions/runs/5/jobs`;
const checksPath = `${repo}/commits/${sha}/check-runs`;
const pullPath = `${repo}/pulls/7`;
const listPath = `${repo}/pulls`;
const minute = 60_000;
const api = `https://api.github.com${repo}`;

interface World {
  readonly job: string;
  readonly otherCheck?: string;
  readonly title: string;
}

let world: World;
let relay: TestRelay;
/** GitHub answers as it did before. */
let isLagging: boolean;

const times = (status: string) => ({
  status,
  conclusion: status === "completed" ? "success" : null,
  started_at: "2026-03-01T11:59:00Z",
  completed_at: status === "completed" ? "2026-03-01T12:00:10Z" : null,
});
const bodies: Readonly<Record<string, () => unknown>> = {
  [jobsPath]: () => {
    const job = { id: 9, run_id: 5, url: `${api}/actions/jobs/9`, check_run_url: `${api}/check-runs/9`, name: "build" };
    return { total_count: 1, jobs: [{ ...job, ...times(world.job), steps: [times(world.job)] }] };
  },
  [checksPath]: () => {
    const check = (id: number, status: string) => ({ id, url: `${api}/check-runs/${id}`, name: "b", ...times(status) });
    return { total_count: 2, check_runs: [check(9, world.job), check(10, world.otherCheck ?? "queued")] };
  },
  [pullPath]: () => ({ number: 7, url: `${api}/pulls/7`, state: "open", title: world.title, merged: false }),
  [listPath]: () => [{ number: 7, url: `${api}/pulls/7`, state: "open", title: world.title }],
};

interface Manner {
  /** Reads `If-None-Match` as a list of validators. */
  readonly lists?: boolean;
  /** Names the validator that a 304 confirms. */
  readonly names?: boolean;
  /** The text that its ETags hash. */
  readonly salt?: string;
}

/** GitHub, with its rule of ETags. */
function serve({ lists = true, names = true, salt = "" }: Manner = {}): void {
  const said = new Map<string, string>();
  for (const [path, bodyOf] of Object.entries(bodies)) {
    relay.github.on(path, async ({ headers }) => {
      const body = (isLagging ? said.get(path) : undefined) ?? JSON.stringify(bodyOf());
      said.set(path, body);
      const etag = `W/"${await sha256Hex(`${salt}${headers.get("accept")}:${headers.get("authorization")}:${body}`)}"`;
      const asked = headers.get("if-none-match") ?? "";
      const isSame = (lists ? asked.split(", ") : [asked]).includes(etag);
      return isSame
        ? new Response(null, { status: 304, headers: names ? { etag } : {} })
        : json(body, { headers: { etag, "last-modified": "Sun, 01 Mar 2026 11:59:00 GMT" } });
    });
  }
}

const sent = (path: string) =>
  relay.github.calls.filter(({ url }) => url.pathname === path).map(({ headers }) => headers.get("if-none-match"));

/** Reads both, lets time pass in which the world changes, reads the first again, and then the second. */
async function readAfter(change: Partial<World>, { first = jobsPath, second = checksPath, lagsAtLast = false } = {}) {
  await relay.read(first);
  await relay.read(second);
  advance(10 * minute);
  world = { ...world, ...change };
  await relay.read(first);
  advance(1_000);
  isLagging = lagsAtLast;
  return relay.read(second);
}

beforeEach(async () => {
  world = { job: "in_progress", title: "Old" };
  relay = await TestRelay.create();
  relay.github.public("acme/widgets");
  isLagging = false;
});

test.each([
  ["a run's jobs, the checks of its commit", [jobsPath, checksPath], { job: "completed" }],
  ["a pull request, the list that holds it", [pullPath, listPath], { title: "New" }],
  ["a list, one pull request of it", [listPath, pullPath], { title: "New" }],
] as const)("%s: the second read of the change is free", async (_case, [first, second], change) => {
  serve();
  const { relay: told, body, headers } = await readAfter(change, { first, second });
  expect(told.cache).toBe("revalidated");
  expect(body).toEqual(bodies[second]?.());
  expect(headers).toMatchObject({ "content-type": "application/json; charset=utf-8" });
  expect(headers).not.toHaveProperty("last-modified");
  // A confirmed answer is kept as if GitHub had sent it, for this isolate and for others.
  expect(await relay.read(second)).toMatchObject({ relay: { cache: "hit" }, body });
  advance(10 * minute);
  expect((await relay.sibling().read(second)).relay.cache).toBe("revalidated");
});

describe("a prediction that does not hold costs no more than none", () => {
  test("GitHub answers in full when more has changed", async () => {
    serve();
    const { relay: told, body } = await readAfter({ job: "completed", otherCheck: "in_progress" });
    expect(told.cache).toBe("miss");
    expect(body).toEqual(bodies[checksPath]?.());
  });

  test("the held answer is confirmed when GitHub has not changed it", async () => {
    serve();
    const { relay: told, body } = await readAfter({ job: "completed" }, { lagsAtLast: true });
    expect(told.cache).toBe("revalidated");
    expect(body).toMatchObject({ check_runs: [{ status: "in_progress" }, {}] });
  });

  test("a 304 that does not say which is confirmed is asked again, with the held one alone", async () => {
    serve({ names: false });
    const { relay: told, body } = await readAfter({ job: "completed" });
    expect(told.cache).toBe("miss");
    expect(body).toEqual(bodies[checksPath]?.());
    expect(sent(checksPath).map((etags) => etags?.split(", ").length)).toEqual([undefined, 2, 1]);
  });

  test("a GitHub that reads no lists of validators is sent none after the first", async () => {
    serve({ lists: false });
    expect((await readAfter({ job: "completed" }, { lagsAtLast: true })).relay.cache).toBe("miss");
    isLagging = false;
    advance(10 * minute);
    world = { ...world, otherCheck: "in_progress" };
    await relay.read(checksPath);
    world = { ...world, job: "queued" };
    advance(10 * minute);
    await relay.read(jobsPath);
    advance(1_000);
    await relay.read(checksPath);
    expect(sent(checksPath).map((etags) => etags?.split(", ").length)).toEqual([undefined, 2, 1, 1]);
  });

  test("a GitHub whose ETags are made otherwise is sent none", async () => {
    serve({ salt: "another rule" });
    expect((await readAfter({ job: "completed" })).relay.cache).toBe("miss");
    expect(sent(checksPath).map((etags) => etags?.split(", ").length)).toEqual([undefined, 1]);
  });
});
