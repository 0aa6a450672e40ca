import { beforeEach, describe, expect, test } from "vitest";
import { json } from "../support/github.ts";
import { advance, TestRelay } from "../support/relay.ts";

const path = "/repos/acme/widgets/pulls/7";
const pull = '{"number":7,"state":"open","id":9007199254740993,"ratio":1.0,"updated_at":"2026-03-01T11:00:00Z"}';

let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github.public("acme/widgets").on(path, () => json(pull, { headers: { etag: '"one"' } }));
});

describe("a repeated read", () => {
  test("is a miss once, then a hit for the same isolate and for others", async () => {
    const first = await relay.read(path);
    expect(first.relay).toMatchObject({
      cache: "miss",
      backend: "github_identity",
      route_kind: "pr_view",
      github_calls: 2,
    });
    expect(first.identity).toEqual({ id: "pat_one", kind: "pat" });
    expect((await relay.read(path)).relay).toMatchObject({ cache: "hit", backend: "cache", github_calls: 0 });
    expect((await relay.sibling().read(path)).relay.cache).toBe("hit");
    expect(relay.github.count(path)).toBe(1);
  });

  test("carries GitHub's own bytes as the envelope's last member", async () => {
    for (const source of ["miss", "hit"]) {
      const response = await relay.request(path);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const offset = Number(response.headers.get("x-octopool-body-offset"));
      expect(new TextDecoder().decode(bytes.subarray(offset, bytes.length - 1)), source).toBe(pull);
    }
  });
});

test("an expired entry is revalidated with its ETag, which GitHub answers for free", async () => {
  relay.github.on(path, ({ headers }) =>
    headers.get("if-none-match") === '"one"'
      ? new Response(null, { status: 304 })
      : json(pull, { headers: { etag: '"one"' } }),
  );
  await relay.read(path);
  advance(10 * 60_000);
  const again = await relay.read(path);
  expect(again.relay.cache).toBe("revalidated");
  expect(again.status).toBe(200);
});
