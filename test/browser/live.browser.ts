/** The dashboard that keeps itself current, and leaves the reader's input alone. */
import { beforeEach, describe, expect, test } from "vitest";
import { busy, chromium, expectStatus, openBrowser, page, signIn } from "./support.ts";

openBrowser();

/** The latest request: it is read anew each time, while sums are remembered for half a minute. */
const newest = () => page.locator("#requests-list tbody tr").first().getAttribute("id");
const status = () => page.locator("[data-live-status]");
const aTurn = 30_000;

/** A read by another caller, and the turn in which the page learns of it. */
async function somethingHappens(): Promise<void> {
  const before = await newest();
  await busy.read("/repos/lumen-labs/lantern");
  await page.clock.runFor(aTurn);
  await page.locator(`#requests-list tbody tr:first-child:not(#${before})`).waitFor();
}

beforeEach(async () => {
  await page.clock.install();
  await signIn();
});

describe("a live page", () => {
  test("renews itself without a word, and stops when told to", async () => {
    await somethingHappens();
    expect(await status().textContent(), "nothing to announce").toBe("");
    const toggle = page.getByRole("button", { name: "Live" });
    await toggle.click();
    expect(await toggle.getAttribute("aria-pressed")).toBe("false");
    expect(await status().textContent()).toBe("Paused");
  });

  test("keeps values of forms, the focus, the position of a scrolled table, and open parts", async () => {
    const repository = page.getByRole("form", { name: "Purge the cache" }).getByLabel("Repository");
    await repository.fill("lumen-labs/lantern");
    await page.locator("#timeline-figures").getByText("Figures").click();
    const table = page.locator("#callers .scroll");
    await table.focus();
    const scrolled = page.locator("#timeline-figures .scroll");
    await scrolled.evaluate((element) => element.scrollTo(0, 40));
    await somethingHappens();
    expect(await repository.inputValue()).toBe("lumen-labs/lantern");
    expect(await table.evaluate((element) => element.matches(":focus"))).toBe(true);
    expect(await scrolled.evaluate((element) => element.scrollTop)).toBe(40);
    expect(await page.locator("#timeline-figures").getAttribute("open")).not.toBeNull();
  });

  test("renews the part that has the focus as well", async () => {
    const list = page.locator("#requests-list .scroll");
    await list.focus();
    await somethingHappens();
    expect(await list.evaluate((element) => element.matches(":focus"))).toBe(true);
  });

  test("leaves marked text marked", async () => {
    await page.locator("#callers h2").selectText();
    await somethingHappens();
    expect(await page.evaluate("String(getSelection())")).toBe("Callers");
  });

  test("leads to requests older than the list that is shown now", async () => {
    const older = page.getByRole("link", { name: "Older" });
    const before = await older.getAttribute("href");
    await somethingHappens();
    expect(await older.getAttribute("href")).not.toBe(before);
  });

  test("does not take an answer that comes after it was paused", async () => {
    const before = await newest();
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    await page.route("**/dashboard*", async (route) => {
      asked.resolve();
      await answer.promise;
      await route.continue().catch(() => undefined);
    });
    await busy.read("/repos/lumen-labs/lantern");
    await page.clock.runFor(aTurn);
    await asked.promise;
    await page.getByRole("button", { name: "Live" }).click();
    answer.resolve();
    expect(await status().textContent()).toBe("Paused");
    expect(await newest()).toBe(before);
  });

  test("says that the relay is in trouble, goes on trying, and says nothing more once it is well", async () => {
    let broken = true;
    await page.route("**/dashboard*", (route) =>
      broken ? route.fulfill({ status: 503, body: "" }) : route.continue(),
    );
    await page.clock.runFor(aTurn);
    await page.locator("[data-live-status]", { hasText: "trying again" }).waitFor();
    broken = false;
    // Just to the next try: a request that hangs for 20 seconds of this clock is given up.
    await page.clock.runFor(2 * aTurn);
    await page.locator("[data-live-status]:empty").waitFor({ state: "attached" });
    expectStatus(503);
  });

  test("stops when it is refused, and names the status", async () => {
    await page.route("**/dashboard*", (route) => route.fulfill({ status: 403, body: "" }));
    await page.clock.runFor(aTurn);
    await page.locator("[data-live-status]", { hasText: "403" }).waitFor();
    expectStatus(403);
    expect(await page.getByRole("button", { name: "Live" }).getAttribute("aria-pressed")).toBe("false");
  });

  test("says so when its session has ended elsewhere", async () => {
    await chromium.context.clearCookies({ name: "octopool_session" });
    await page.clock.runFor(aTurn);
    await page.locator("[data-live-status]", { hasText: "Signed out" }).waitFor();
  });

  test("is not live among older requests", async () => {
    await page.getByRole("link", { name: "Older" }).click();
    await page.waitForURL(/cursor=/);
    expect(await page.getByRole("button", { name: "Live" }).count()).toBe(0);
  });
});
