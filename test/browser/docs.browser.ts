/** The documentation's site, as `npm run docs` makes it, read from its folder. */
import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { removeTree } from "../support/remove-tree.ts";
import { type Chromium, startChromium } from "./chromium.ts";
import { barriers, overflow } from "./support.ts";

const root = join(import.meta.dirname, "../..");
let site: string;
let chromium: Chromium;
let page: Page;
const complaints: string[] = [];

const open = (name: string) => page.goto(pathToFileURL(join(site, `${name}.html`)).href);

beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), "octopool-site-"));
  await execa("npm", ["run", "--silent", "docs", "--", `--output=${site}`], { cwd: root });
  chromium = await startChromium();
  page = await chromium.context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  // axe asks for the style again by itself, which no folder answers.
  page.on("requestfailed", (request) => request.resourceType() !== "xhr" && complaints.push(request.url()));
});

afterAll(async () => {
  await chromium?.close();
  await removeTree(site);
});

test("every page has a title, is without barriers, and fits into 360 pixels", async () => {
  const pages = (await readdir(site)).filter((name) => name.endsWith(".html"));
  expect(pages.length).toBeGreaterThan(15);
  for (const name of pages) {
    await page.setViewportSize({ width: 360, height: 800 });
    await open(name.replace(".html", ""));
    expect(await page.title(), name).toMatch(/^(?:[A-Z]|octopool ).+ · Octopool$/);
    expect(await overflow(page), name).toBeLessThanOrEqual(0);
    expect(await barriers(page), name).toEqual([]);
  }
  expect(complaints).toEqual([]);
});

test("sections are found as the reader types, and opened by Enter", async () => {
  await page.setViewportSize({ width: 1400, height: 900 });
  await open("index");
  await page.getByRole("combobox").fill("rotat secret");
  await page.getByRole("option", { name: "Secrets and their rotation" }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/operations\.html/);
});

/** The search results for some words, best first: pages by their files. */
async function found(text: string): Promise<string[]> {
  await page.getByRole("combobox").fill(text);
  await page.locator("#found li").first().waitFor();
  const links = await page.locator("#found a").all();
  const targets = await Promise.all(links.map((link) => link.getAttribute("href")));
  return targets.map((target) => (target ?? "").replace(/\.html.*/, ""));
}

test.each(["rate limit", "token", "login", "cache", "stats", "quota", "install"])(
  "%s leads to a guide or a command before the API",
  async (text) => {
    await open("index");
    const [first] = await found(text);
    expect(first).not.toMatch(/^(api|relay|decisions|architecture|daemon|emulator)$/);
  },
);

test.each(["windows", "docker", "homebrew", "systemd", "prometheus"])(
  "%s is a word that leads somewhere",
  async (text) => {
    await open("index");
    expect(await found(text)).not.toEqual([]);
  },
);

test("search is reached, walked and left by keyboard, and shows the text that matched", async () => {
  await open("daily-use");
  await page.keyboard.press("/");
  await page.keyboard.type("reserve");
  await page.locator("#found mark").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  expect(await barriers(page)).toEqual([]);
  expect(await page.locator("#found [aria-selected=true]").getAttribute("id")).toBe("found-1");
  expect(await page.getByRole("combobox").getAttribute("aria-activedescendant")).toBe("found-1");
  const target = await page.locator("#found-1").getAttribute("href");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href.endsWith(target ?? "nowhere"));
  await page.keyboard.press("Control+k");
  await page.keyboard.type("shim");
  await page.locator("#found mark").first().waitFor();
  await page.keyboard.press("Escape");
  expect(await page.locator("#found").isVisible()).toBe(false);
});

test("commands are copied as they are typed", async () => {
  await open("index");
  const block = page.locator(".code", { hasText: "npm ci" }).first();
  await block.getByRole("button", { name: "Copy" }).click();
  await block.getByRole("button", { name: /Copied|Marked/ }).waitFor();
});

test("leads through all pages in reading order", async () => {
  await open("index");
  const seen = [await page.title()];
  while ((await page.locator("[rel=next]").count()) > 0) {
    await page.locator("[rel=next]").click();
    seen.push(await page.title());
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBe((await readdir(site)).filter((name) => name.endsWith(".html")).length);
});
