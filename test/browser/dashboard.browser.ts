/** The pages as people see them, in Chromium. */
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type BusyPool, pool, startBusyPool } from "./busy-pool.ts";
import { type Chromium, chromiumPath, startChromium } from "./chromium.ts";

/** Pictures to look at; not part of the repository. */
const pictures = join(import.meta.dirname, "../../artifacts/browser");
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let busy: BusyPool;
let chromium: Chromium;
let page: Page;
let complaints: string[] = [];
let strangers: string[] = [];

const here = (path: string) => `${busy.relay.url}${path}`;
const picture = (name: string, fullPage = true) =>
  page.screenshot({ path: join(pictures, `${name}.png`), fullPage, animations: "disabled" });

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe finds that would keep somebody out. */
async function barriers(): Promise<string[]> {
  await page.evaluate(axe);
  const violations = await page.evaluate<Violation[]>("axe.run().then(({ violations }) => violations)");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

const overflow = () =>
  page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

async function signIn(): Promise<void> {
  await page.goto(here("/dashboard"));
}

beforeAll(async () => {
  if (!chromiumPath) throw new Error("No Chromium here: apt-get install chromium, or name it in CHROMIUM.");
  await mkdir(pictures, { recursive: true });
  busy = await startBusyPool();
  await busy.patch(`/callers/${await busy.callerId("ada-okafor")}`, { dashboard_role: "admin" });
  chromium = await startChromium();
});

afterAll(async () => {
  await chromium?.close();
  await busy?.close();
});

beforeEach(async () => {
  page = await chromium.context.newPage();
  complaints = [];
  strangers = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const { origin } = new URL(request.url());
    if (origin !== busy.relay.url && origin !== busy.github) strangers.push(request.url());
  });
});

afterEach(async () => {
  await page.close();
  expect(complaints, "the console stays silent").toEqual([]);
  expect(strangers, "no third party is asked").toEqual([]);
});

describe("signing in", () => {
  test("leads from the dashboard over GitHub back to it, and out again", async () => {
    await page.goto(here("/dashboard?since=7d"));
    expect(page.url()).toBe(here("/dashboard?since=7d"));
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(`Pool ${pool}`);
    const [cookie] = (await chromium.context.cookies()).filter(({ name }) => name === "octopool_session");
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
    expect(await page.evaluate("document.cookie")).toBe("");
    await page.getByRole("button", { name: "Sign out" }).click();
    expect(page.url()).toBe(here("/"));
    expect((await chromium.context.cookies()).map(({ name }) => name)).not.toContain("octopool_session");
  });
});

describe("the dashboard of a busy pool", () => {
  beforeEach(signIn);

  test("shows identities with their budgets, who asks, and what it was spared", async () => {
    const identities = page.getByRole("region", { name: "Identities", exact: true });
    expect(await identities.getByRole("heading", { level: 3 }).allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining("demo-app"), expect.stringContaining("cooling down")]),
    );
    const callers = page.getByRole("region", { name: "Callers", exact: true }).first();
    expect(await callers.textContent()).toContain("release-bot");
    const spared = await page.locator("dt", { hasText: "Answers without GitHub" }).locator("+ dd strong").textContent();
    expect(Number(spared?.replaceAll(",", ""))).toBeGreaterThan(100);
    await picture("dashboard-light");
  });

  test("has no barrier that axe would call serious, in light and dark", async () => {
    expect(await barriers()).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).not.toBe("rgb(246, 247, 250)");
    expect(await barriers()).toEqual([]);
    await picture("dashboard-dark");
  });

  test.each([360, 768, 1920])("fits into %i pixels", async (width) => {
    await page.setViewportSize({ width, height: 900 });
    expect(await overflow()).toBeLessThanOrEqual(0);
    await picture(`dashboard-${width}`);
    if (width === 360) expect(await barriers()).toEqual([]);
  });

  test("filters the requests by what is chosen, by keyboard", async () => {
    const form = page.getByRole("form", { name: "Filter the requests" });
    await form.getByLabel("Result").selectOption("fallback");
    await form.getByRole("button", { name: "Filter" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/result=fallback/);
    const answers = await page.locator("#requests-list tbody tr td:nth-child(5)").allTextContents();
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.every((answer) => answer.includes("not public") || answer.includes("denied"))).toBe(true);
    expect(await form.getByLabel("Result").inputValue()).toBe("fallback");
    await picture("filtered", false);
  });

  test("keeps itself current, and stops when told to", async () => {
    await page.clock.install();
    await page.reload();
    const requests = page.locator("dt", { hasText: /^Requests$/ }).locator("+ dd strong");
    const before = await requests.textContent();
    await busy.read("/repos/lumen-labs/lantern");
    const refreshed = page.waitForResponse((response) => response.url().includes("/dashboard") && response.ok());
    await page.clock.runFor(10_000);
    await refreshed;
    await page.locator("[data-live-status]", { hasText: "Updated" }).waitFor();
    expect(await requests.textContent()).not.toBe(before);
    const toggle = page.getByRole("button", { name: "Live" });
    await toggle.click();
    expect(await toggle.getAttribute("aria-pressed")).toBe("false");
    expect(await page.locator("[data-live-status]").textContent()).toBe("Paused");
  });

  test("says so when its session has ended elsewhere", async () => {
    await page.clock.install();
    await page.reload();
    await chromium.context.clearCookies({ name: "octopool_session" });
    await page.clock.runFor(10_000);
    await page.locator("[data-live-status]", { hasText: "Signed out" }).waitFor();
  });

  test("disables an identity after asking once more", async () => {
    await page.getByRole("link", { name: "Disable demo-token" }).click();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Disable the identity demo-token?");
    expect(await barriers()).toEqual([]);
    await picture("confirm");
    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByText("demo-token is disabled.").waitFor();
    await page.getByRole("link", { name: "Enable demo-token" }).click();
    await page.getByRole("button", { name: "Enable" }).click();
    await page.getByText("demo-token is enabled.").waitFor();
  });

  test("is whole without a script", async () => {
    const browser = chromium.context.browser();
    const plain = await browser?.newContext({ javaScriptEnabled: false });
    expect(plain, "a second profile").toBeDefined();
    await plain?.addCookies(await chromium.context.cookies());
    const silent = await plain?.newPage();
    await silent?.goto(here("/dashboard"));
    expect(await silent?.locator("section.card").count()).toBeGreaterThan(9);
    await plain?.close();
  });
});

describe("the other pages", () => {
  test.each([
    ["landing", "/", 200],
    ["not-found", "/nothing/here", 404],
    ["stale-sign-in", "/login/github/callback?code=x&state=y", 403],
  ])("%s has no barrier and fits into 360 pixels", async (name, path, status) => {
    const response = await page.goto(here(path));
    expect(response?.status()).toBe(status);
    // Chromium notes the status of a page that is no success; that is the point here.
    complaints = complaints.filter((text) => !text.includes(`status of ${status}`));
    expect(await barriers()).toEqual([]);
    await picture(name);
    await page.setViewportSize({ width: 360, height: 700 });
    expect(await overflow()).toBeLessThanOrEqual(0);
  });
});
