/**
 * A night of events that are lost, late, doubled and in any order, over a GitHub whose API lags: no answer is called
 * fresh that is older than its lifetime or than the newest event that was told of it, and once all is quiet every
 * answer is the world's. Under the policy `push` nothing older is vouched for than that policy permits.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { lateForMs, lateMs } from "../../../shared/events/families.ts";
import { vouchedMs } from "../../../shared/events/gates.ts";
import { settleMs } from "../../../shared/events/settle.ts";
import { json } from "../support/github.ts";
import { advance } from "../support/relay.ts";
import { agree, deliver, eventRelay, repository } from "./support.ts";

const lagMs = 20_000;
/** Of an open pull request at most, and of a closed one that was not merged (docs/freshness.md), with its refresh. */
const longestLifeMs = 3_600_000;

type Step =
  | { readonly do: "write" }
  | { readonly do: "deliver"; readonly which: number; readonly copies: number }
  | { readonly do: "lose"; readonly which: number }
  | { readonly do: "read"; readonly isolate: number }
  | { readonly do: "gate" }
  | { readonly do: "agree" }
  | { readonly do: "wait"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant("write" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("deliver" as const),
      which: fc.nat(5),
      copies: fc.integer({ min: 1, max: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lose" as const), which: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("read" as const), isolate: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("gate" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("agree" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 40_000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 4_000 }) }) },
);

interface Version {
  readonly title: string;
  readonly updated_at: string;
  readonly since: number;
}

const path = "/repos/acme/widgets/pulls/7";

/** One night; every claim is checked as it goes. */
/** Reads that were checked, so that the property cannot hold without one. */
let freshReads = 0;
/** Reads for which events vouched. */
let vouchedReads = 0;

async function night(steps: readonly Step[], lag: number): Promise<void> {
  const relay = await eventRelay();
  const isolates = [relay, relay.sibling({ OCTOPOOL_WEBHOOK_SECRET: relay.env.OCTOPOOL_WEBHOOK_SECRET })];
  const history: Version[] = [];
  const pending: Version[] = [];
  /** When GitHub told the relay of each version; the knowledge of a machine that listens. */
  let mark = 0;
  let newestTold = 0;
  /** Since when, and until when, events of pull requests are heard. */
  const lane = { sampledAt: 0, lateUntil: 0, verifiedAt: 0 };
  await relay.admin("/pools/maintainers/policy", "PATCH", { gates: "push" });
  const write = (): void => {
    // GitHub's times are whole seconds, and no two writes of these fall into one.
    advance(1_000);
    const updated_at = `${new Date(Date.now()).toISOString().slice(0, 19)}Z`;
    history.push({ title: `version ${history.length}`, updated_at, since: Date.now() });
  };
  const body = ({ title, updated_at }: Version) => ({
    ...{ number: 7, state: "open", title, updated_at, head: { sha: "a" }, merged: false },
  });
  relay.github.on(path, ({ headers }) => {
    const then = Date.now() - lag;
    const seen = history.findLast(({ since }) => since <= then) ?? history[0];
    if (!seen) throw new Error("no version");
    const etag = `"${seen.title}"`;
    if (headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers: { etag } });
    return json(body(seen), { headers: { etag } });
  });
  const read = async (isolate: number) => {
    const from = isolates[isolate % 2] ?? relay;
    const { body: got, relay: told } = await from.read(path, mark > 0 ? { notBefore: mark } : {});
    const { title } = got as { title: string };
    const version = history.findIndex((each) => each.title === title);
    const createdAt = Date.parse(told.cache_created_at ?? "");
    return { version, fresh: told.cache !== "stale" && told.unsettled !== true, createdAt, asked: Date.now() };
  };
  const gate = async () => {
    const { body: got, relay: told } = await relay.read(path, { gate: true, ...(mark > 0 && { notBefore: mark }) });
    const createdAt = Date.parse(told.cache_created_at ?? "");
    const now = Date.now();
    if (told.pushed !== true) {
      expect(createdAt, "an answer that is not vouched for is asked for").toBe(now);
      return;
    }
    vouchedReads += 1;
    const version = history.findIndex(({ title }) => title === (got as { title: string }).title);
    expect(now - createdAt).toBeLessThanOrEqual(vouchedMs);
    expect(version, "the newest event is shown").toBeGreaterThanOrEqual(newestTold);
    expect(told.unsettled).toBeUndefined();
    expect(now - lane.sampledAt).toBeLessThanOrEqual(15 * 60_000);
    expect(now - lane.verifiedAt).toBeLessThanOrEqual(10 * 60_000);
    expect(now).toBeGreaterThanOrEqual(lane.lateUntil);
  };
  await agree();
  lane.verifiedAt = Date.now();
  write();
  advance(lag);
  for (const each of steps) {
    if (each.do === "write") {
      write();
      pending.push(history.at(-1) as Version);
    } else if (each.do === "wait") advance(each.ms);
    else if (each.do === "gate") await gate();
    else if (each.do === "agree") {
      await agree();
      lane.verifiedAt = Date.now();
    } else if (each.do === "deliver" || each.do === "lose") {
      const [version] = pending.splice(each.which % Math.max(1, pending.length), 1);
      if (!version || each.do === "lose") continue;
      for (let copy = 0; copy < each.copies; copy += 1) {
        const payload = { action: "edited", repository, pull_request: body(version) };
        expect((await deliver(relay, "pull_request", payload, { guid: version.title.replace(" ", "-") })).status).toBe(
          204,
        );
      }
      lane.sampledAt = Date.now();
      if (Date.now() - Date.parse(version.updated_at) > lateMs) lane.lateUntil = Date.now() + lateForMs;
      // A mark reaches a machine no sooner.
      advance(1);
      mark = Date.now();
      newestTold = Math.max(newestTold, history.indexOf(version));
    } else {
      const got = await read(each.isolate);
      if (!got.fresh) continue;
      freshReads += 1;
      expect(got.asked - got.createdAt).toBeLessThanOrEqual(longestLifeMs);
      // Two minutes after an event GitHub's word is taken as it is; until then nothing older passes for fresh.
      if (got.asked - mark < settleMs) expect(got.version).toBeGreaterThanOrEqual(newestTold);
    }
  }
  advance(settleMs + lagMs + longestLifeMs);
  expect((await read(0)).version).toBe(history.length - 1);
  expect((await read(1)).version).toBe(history.length - 1);
}

/** Events vouch for its second gate. Of nights by chance one in eleven has such a read, and forty may have none. */
const vouching: [readonly Step[], number] = [
  [{ do: "write" }, { do: "deliver", which: 0, copies: 1 }, { do: "gate" }, { do: "gate" }, { do: "read", isolate: 0 }],
  0,
];

test("with events lost, late or doubled no answer older than the last event passes for fresh, and in the end all answers are current", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), fc.constantFrom(0, 3_000, lagMs), night),
    { numRuns: 40, examples: [vouching] },
  );
  expect(freshReads, "reads that were checked").toBeGreaterThan(0);
  expect(vouchedReads, "reads for which events vouched").toBeGreaterThan(0);
}, 180_000);
