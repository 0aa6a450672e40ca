/** Rate limits for operators: which repository uses them, over time, and when they run out. */
import { beforeEach, describe, expect, test } from "vitest";
import { dashboardSchema } from "../../../shared/dashboard.ts";
import { json } from "../support/github.ts";
import { advance, type TestRelay } from "../support/relay.ts";
import { Browser, makeOperator, signInRelay } from "./support.ts";

const path = "/repos/acme/tool/pulls/1";
let relay: TestRelay;
let browser: Browser;

async function open(vars: Record<string, unknown> = {}): Promise<void> {
  relay = await signInRelay(vars);
  browser = new Browser(relay);
  await browser.signIn();
  await makeOperator(relay);
}
beforeEach(() => open());

const page = async () => (await browser.go("/dashboard?since=1h")).text();
const data = async () => dashboardSchema.parse(await (await browser.go("/v1/dashboard?since=1h")).json());
const text = (html: string) => html.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");

/** GitHub answers with this much left of an hour that has `minutes` to go. */
function github(remaining: number, minutes: number): void {
  relay.github.public("acme/tool").on(path, () =>
    json(
      { number: 1 },
      {
        headers: {
          "x-ratelimit-limit": "5000",
          "x-ratelimit-remaining": String(remaining),
          "x-ratelimit-used": String(5000 - remaining),
          "x-ratelimit-resource": "core",
          "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + minutes * 60),
        },
      },
    ),
  );
}

describe("when a rate limit runs out", () => {
  test("is told where it does not last until its reset", async () => {
    github(1000, 60);
    await relay.read(path);
    // 4,000 of 5,000 in ten minutes: the last thousand go in two and a half.
    advance(10 * 60_000);
    const seen = text(await page());
    expect(seen).toContain("pat_one: core runs out in 2 min at this rate; it is reset in 50 min.");
    expect(seen).not.toContain("Every rate limit lasts");
  });

  test("is not guessed where it lasts", async () => {
    github(4900, 60);
    await relay.read(path);
    advance(30 * 60_000);
    const seen = text(await page());
    expect(seen).toContain("Every rate limit lasts until its reset at this rate.");
    expect(seen).not.toContain("runs out");
  });
});

test("a call that GitHub answers with unchanged is sent, and counts against no limit", async () => {
  relay.github
    .public("acme/tool")
    .on(path, ({ headers }) =>
      headers.get("if-none-match")
        ? new Response(null, { status: 304 })
        : json({ number: 1 }, { headers: { etag: '"a"' } }),
    );
  await relay.read(path);
  const before = (await data()).timeline.reduce((sum, { spent, unchanged }) => sum + spent - unchanged, 0);
  advance(20 * 60_000);
  expect((await relay.read(path)).relay.cache).toBe("revalidated");
  const { timeline } = await data();
  const total = (of: "spent" | "unchanged") => timeline.reduce((sum, slot) => sum + slot[of], 0);
  // Whether the repository is still public is asked anew, and that call counts.
  expect([total("unchanged"), total("spent")]).toEqual([1, before + 2]);
});

test("repositories are told with their calls, the one that uses most first", async () => {
  relay.github.public("acme/tool").public("acme/other");
  for (let number = 1; number <= 3; number += 1) {
    relay.github.on(`/repos/acme/other/pulls/${number}`, () => json({ number }));
    await relay.read(`/repos/acme/other/pulls/${number}`);
  }
  relay.github.on(path, () => json({ number: 1 }));
  await relay.read(path);
  const html = await page();
  const part = html.slice(html.indexOf('id="repositories"'));
  expect(part.indexOf("acme/other")).toBeGreaterThan(0);
  expect(part.indexOf("acme/other")).toBeLessThan(part.indexOf("acme/tool"));
});

describe("links to the documentation", () => {
  test("are there where an operator has set its address, and nowhere else", async () => {
    expect(await page()).not.toContain("Documentation");
    await open({ DOCS_URL: "https://docs.example.org/octopool/" });
    expect(await page()).toContain('href="https://docs.example.org/octopool/dashboard.html"');
    const front = await relay.ask("/", { headers: { accept: "text/html" } });
    expect(String(front.body)).toContain('href="https://docs.example.org/octopool/index.html"');
  });

  test.each(["javascript:alert(1)", 'https://x/"><script>', "docs.example.org"])(
    "%s is no address",
    async (address) => {
      await open({ DOCS_URL: address });
      expect(await page()).not.toContain("Documentation");
    },
  );
});

test("a revoked token is told by its machine, and forgetting the caller takes that name along", async () => {
  const { id } = await relay.caller("hubot", { name: "monas-laptop" });
  const { body } = await relay.admin("/callers");
  const { callers } = body as { callers: { id: string; tokens: { id: string }[] }[] };
  const [token] = callers.find((caller) => caller.id === id)?.tokens ?? [];
  await relay.admin(`/callers/${id}/tokens/${token?.id}`, "DELETE");
  const html = text(await page());
  expect(html).toContain("hubot monas-laptop");
  expect(html).not.toContain(token?.id);
  await relay.admin(`/callers/${id}`, "DELETE");
  expect(JSON.stringify((await relay.admin("/audit?changes=1")).body)).not.toContain("monas-laptop");
});

test("sections can be folded, and are open without the script", async () => {
  const html = await page();
  const folds = [...html.matchAll(/<details id="([\w-]+)-fold" class="fold"( open="")?/g)];
  expect(folds.map(([, id]) => id)).toEqual(expect.arrayContaining(["rate", "cache", "proofs", "changes", "routes"]));
  expect(folds.every(([, , isOpen]) => isOpen !== undefined)).toBe(true);
});
