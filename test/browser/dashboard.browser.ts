/** The pages as people see them, in Chromium. */
import { beforeEach, describe, expect, test } from "vitest";
import { pool } from "./busy-pool.ts";
import {
  barriers,
  busy,
  chromium,
  expectStatus,
  here,
  openBrowser,
  overflow,
  page,
  picture,
  signIn,
} from "./support.ts";

openBrowser();

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

describe("a session that has ended", () => {
  test("is renewed by the next request, a form too", async () => {
    await signIn();
    await chromium.context.clearCookies({ name: "octopool_session" });
    await page.getByLabel("Result").selectOption("fallback");
    await page.getByRole("button", { name: "Filter" }).click();
    await page.waitForURL(/dashboard\?.*result=fallback/);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(`Pool ${pool}`);
  });
});

describe("the dashboard of a busy pool", () => {
  beforeEach(signIn);

  test("shows identities with their budgets, the callers, and the calls that they were spared", async () => {
    const identities = page.getByRole("region", { name: "Identities", exact: true });
    expect(await identities.getByRole("heading", { level: 3 }).allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining("demo-app"), expect.stringContaining("cooling down")]),
    );
    const callers = page.getByRole("region", { name: "Callers", exact: true }).first();
    expect(await callers.textContent()).toContain("release-bot");
    const spared = await page.locator("dt", { hasText: "API calls saved" }).locator("+ dd strong").textContent();
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

  test("shows states by form as by colour, where colours are the reader's own", async () => {
    await page.emulateMedia({ forcedColors: "active" });
    const colours = await page.evaluate<string[]>(
      "[...document.querySelectorAll('.shares-legend .swatch')].map((each) => getComputedStyle(each).backgroundColor)",
    );
    expect(colours.length).toBeGreaterThan(3);
    expect(new Set(colours).size).toBe(colours.length);
    await picture("dashboard-forced-colours", false);
  });

  test("keeps long names within its width", async () => {
    await busy.addIdentity("i".repeat(128));
    await page.setViewportSize({ width: 360, height: 900 });
    await page.reload();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.getByRole("link", { name: /Disable i{128}/ }).click();
    expect(await overflow()).toBeLessThanOrEqual(0);
  });

  test("filters the requests by the chosen values, by keyboard", async () => {
    const form = page.getByRole("form", { name: "Filter the requests" });
    await form.getByLabel("Result").selectOption("fallback");
    await form.getByRole("button", { name: "Filter" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/result=fallback/);
    const answers = await page.locator("#requests-list tbody tr td:nth-child(5)").allTextContents();
    expect(answers).not.toEqual([]);
    expect(answers.filter((answer) => !answer.includes("not public") && !answer.includes("denied"))).toEqual([]);
    expect(await form.getByLabel("Result").inputValue()).toBe("fallback");
    await picture("filtered", false);
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
    expectStatus(status);
    expect(await barriers()).toEqual([]);
    await picture(name);
    await page.setViewportSize({ width: 360, height: 700 });
    expect(await overflow()).toBeLessThanOrEqual(0);
  });
});
