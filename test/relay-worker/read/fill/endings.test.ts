/** The ends of fills: those of one moment are one call. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { RelayMemory } from "../../../../relay-worker/memory.ts";
import { endSoon } from "../../../../relay-worker/read/fill/endings.ts";
import { countingBindings } from "../../support/counting.ts";

const failure = { kind: "failure", code: "internal_error", message: "" } as const;

/** One isolate, whose moment lasts until `pass`. */
function isolate() {
  const { counts, vars } = countingBindings();
  const passing = Promise.withResolvers<void>();
  const working: Promise<unknown>[] = [];
  const deps = { clock: () => 0, memory: new RelayMemory(), fetch, pause: () => passing.promise };
  const pool = { name: "maintainers", policy: undefined, policyVersion: 0, purges: {}, identities: [], stored: true };
  const work = {
    deps,
    env: { ...env, ...vars },
    pool,
    background: (each: Promise<unknown>) => void working.push(each),
  };
  const end = (ticket: string, body = new Uint8Array()) =>
    endSoon(work, {
      ticket,
      observations: [],
      outcome: body.length > 0 ? { kind: "answer", answer: {}, body } : failure,
    });
  const pass = async () => {
    passing.resolve();
    await Promise.all(working);
  };
  return { counts, end, pass };
}

test("fills that end within a moment are told in one call", async () => {
  const { counts, end, pass } = isolate();
  for (const ticket of ["one", "two", "three"]) end(ticket);
  expect(counts.do).toEqual([]);
  await pass();
  expect(counts.do).toEqual(["end"]);
});

test("one that ends after that moment is told in the next call", async () => {
  const { counts, end, pass } = isolate();
  end("one");
  await pass();
  end("two");
  await pass();
  expect(counts.do).toEqual(["end", "end"]);
});

test("more than a call takes does not wait for the moment to pass", async () => {
  const { counts, end, pass } = isolate();
  end("one", new Uint8Array(5 * 1024 * 1024));
  end("two", new Uint8Array(5 * 1024 * 1024));
  expect(counts.do).toEqual(["end"]);
  await pass();
  expect(counts.do).toEqual(["end"]);
});
