/** The machine's Chromium, with a profile of its own that goes away. */
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";
import { removeTree } from "../support/remove-tree.ts";

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Undefined where there is none. */
export const chromiumPath = places.find((place) => place !== undefined && existsSync(place));

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface Chromium {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

export async function startChromium(): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), "octopool-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath ?? "chromium",
    headless: true,
    args: flags,
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
  });
  const close = async () => {
    await context.close();
    await removeTree(profile);
  };
  return { context, close };
}
