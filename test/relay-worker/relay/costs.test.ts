/** What a read costs in D1 statements and coordinator calls; the audit's batch apart. */
import { beforeEach, describe, expect, test } from "vitest";
import { type Counts, countingBindings } from "../support/counting.ts";
import { json } from "../support/github.ts";
import { advance, TestRelay } from "../support/relay.ts";

const path = "/repos/acme/widgets/pulls/7";
let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github.public("acme/widgets").on(path, () => json({ number: 7, state: "open" }, { headers: { etag: '"1"' } }));
});

/** Counts one read of a relay; the audit's own statement is one for each flush. */
async function costOf(
  memory: "cold" | "warm",
  prepare?: (relay: TestRelay) => Promise<void>,
): Promise<Counts & { cache: string }> {
  const { counts, vars } = countingBindings();
  const isolate = relay.sibling(vars);
  if (memory === "warm") await isolate.read("/repos/acme/widgets");
  await prepare?.(isolate);
  counts.d1 = 0;
  counts.do.length = 0;
  const { relay: told } = await isolate.read(path);
  const auditStatements = 1;
  return { d1: counts.d1 - auditStatements, do: counts.do, cache: told.cache };
}

describe("a hit", () => {
  test("in an isolate that knows nothing: one statement, no coordinator", async () => {
    await relay.read(path);
    expect(await costOf("cold")).toEqual({ d1: 1, do: [], cache: "hit" });
  });

  test("in an isolate that has answered it before: nothing", async () => {
    const cost = await costOf("warm", async (isolate) => {
      await isolate.read(path);
    });
    expect(cost).toEqual({ d1: 0, do: [], cache: "hit" });
  });

  test("from the data centre's copy, which the second isolate leaves there: nothing", async () => {
    await relay.read(path);
    expect(await costOf("warm")).toEqual({ d1: 1, do: [], cache: "hit" });
    expect(await costOf("warm")).toEqual({ d1: 0, do: [], cache: "hit" });
  });
});

describe("a miss", () => {
  test("of a repository known to be public: at most five statements, one begin and one end", async () => {
    const cost = await costOf("warm");
    expect(cost).toMatchObject({ do: ["begin", "end"], cache: "miss" });
    expect(cost.d1).toBeLessThanOrEqual(5);
  });

  test("of a repository nobody asked for before: the same", async () => {
    const cost = await costOf("cold");
    expect(cost).toMatchObject({ do: ["begin", "end"], cache: "miss" });
    expect(cost.d1).toBeLessThanOrEqual(5);
  });

  test("a revalidation costs no more", async () => {
    await relay.read(path);
    relay.github.on(path, () => new Response(null, { status: 304 }));
    advance(20 * 60_000);
    const cost = await costOf("cold");
    expect(cost).toMatchObject({ do: ["begin", "end"], cache: "revalidated" });
    expect(cost.d1).toBeLessThanOrEqual(5);
  });
});

test("an expired proof adds its own begin and end to a hit, and one statement", async () => {
  await relay.read(path);
  advance(31_000);
  expect(await costOf("cold")).toEqual({ d1: 2, do: ["begin", "end"], cache: "hit" });
});
