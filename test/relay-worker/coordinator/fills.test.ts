import { describe, expect, test } from "vitest";
import { type Fill, Fills } from "../../../relay-worker/coordinator/fills.ts";
import { read, start } from "./support.ts";

function fill(ticket: string, more: Partial<Fill> = {}): Fill {
  const request = read("k", []);
  return { ticket, request, startedAt: start, deadline: start + 20_000, used: [], hold: null, followers: [], ...more };
}

describe("which fill a request joins", () => {
  test("the one of its own key", () => {
    const fills = new Fills([fill("t")]);
    expect(fills.joinable(read("k", []))?.ticket).toBe("t");
    expect(fills.joinable(read("other", []))).toBeUndefined();
  });
  test("none that began before it may have", () => {
    const fills = new Fills([fill("t")]);
    expect(fills.joinable(read("k", [], { notBefore: start }))?.ticket).toBe("t");
    expect(fills.joinable(read("k", [], { notBefore: start + 1 }))).toBeUndefined();
  });
  test("the youngest, and none once that is over", () => {
    const [old, young] = [fill("old"), fill("young", { startedAt: start + 5 })];
    const fills = new Fills([old, young]);
    expect(fills.joinable(read("k", []))?.ticket).toBe("young");
    fills.remove(old);
    expect(fills.joinable(read("k", []))?.ticket).toBe("young");
    fills.remove(young);
    expect(fills.joinable(read("k", []))).toBeUndefined();
  });
  test("an exclusive request joins none, and none joins it", () => {
    const fills = new Fills([fill("alone", { request: read("k", [], { exclusive: true }) })]);
    expect(fills.joinable(read("k", []))).toBeUndefined();
    fills.set(fill("shared"));
    expect(fills.joinable(read("k", [], { exclusive: true }))).toBeUndefined();
  });
});

test("owners are overdue at their deadline, the first of which is known", () => {
  const fills = new Fills([fill("a", { deadline: start + 9 }), fill("b", { deadline: start + 3 })]);
  expect(fills.nextDeadline()).toBe(start + 3);
  expect(fills.overdue(start + 2)).toEqual([]);
  expect(fills.overdue(start + 3).map(({ ticket }) => ticket)).toEqual(["b"]);
  expect(new Fills([]).nextDeadline()).toBe(Number.POSITIVE_INFINITY);
});

test("replacing a fill's state keeps it where it is", () => {
  const old = fill("old");
  const fills = new Fills([old, fill("young")]);
  fills.set({ ...old, deadline: start + 99_000 });
  expect(fills.get("old")?.deadline).toBe(start + 99_000);
  expect(fills.joinable(read("k", []))?.ticket).toBe("young");
  expect(fills.all()).toHaveLength(2);
});
