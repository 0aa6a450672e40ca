/**
 * The parts of every browser test: a busy pool, a browser whose operator may sign in, and a page without console
 * errors.
 */
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { type BusyPool, startBusyPool } from "./busy-pool.ts";
import { type Chromium, chromiumPath, startChromium } from "./chromium.ts";

/** Pictures to look at; not part of the repository. */
const pictures = join(import.meta.dirname, "../../artifacts/browser");
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export let busy: BusyPool;
export let chromium: Chromium;
export let page: Page;
let complaints: string[] = [];
let strangers: string[] = [];

export const here = (path: string) => `${busy.relay.url}${path}`;
export const picture = (name: string, fullPage = true) =>
  page.screenshot({ path: join(pictures, `${name}.png`), fullPage, animations: "disabled" });

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** The accessibility violations that axe finds. */
export async function barriers(shown: Page = page): Promise<string[]> {
  await shown.evaluate(axe);
  const violations = await shown.evaluate<Violation[]>("axe.run().then(({ violations }) => violations)");
  return violations
    .filter(({ impact }) => impact !== "minor")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

/** Pixels by which the page is wider than its window. */
export const overflow = (shown: Page = page) =>
  shown.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

export async function signIn(): Promise<void> {
  await page.goto(here("/dashboard"));
}

/** Chromium notes every status that is no success; where that is the point, it is no complaint. */
export function expectStatus(status: number): void {
  complaints = complaints.filter((text) => !text.includes(`status of ${status}`));
}

/** Registers the hooks; called once at the top of a file. */
export function openBrowser(): void {
  beforeAll(async () => {
    if (!chromiumPath) throw new Error("No Chromium here: apt-get install chromium, or name it in CHROMIUM.");
    await mkdir(pictures, { recursive: true });
    busy = await startBusyPool();
    chromium = await startChromium();
    // Signs in once: only then is it known which account would get the dashboard.
    const first = await chromium.context.newPage();
    await first.goto(here("/dashboard"));
    await first.close();
    await chromium.context.clearCookies();
    await busy.patch(`/callers/${await busy.callerId("ada-okafor")}`, { dashboard_role: "admin" });
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
}
