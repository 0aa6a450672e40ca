/**
 * Puts the pages' style, script and icon into a module of the Worker: a Worker has no files. `npm run web-assets` writes
 * relay-worker/web/assets/bundled.ts; a test compares.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const directory = join(import.meta.dirname, "../relay-worker/web/assets");
export const target = join(directory, "bundled.ts");

const types = {
  "icon.svg": "image/svg+xml",
  "live.js": "text/javascript; charset=utf-8",
  "style.css": "text/css; charset=utf-8",
} as const;

export function renderAssets(): string {
  const entries = Object.entries(types).map(([name, type]) => {
    const body = name.endsWith(".js") ? bundle(join(directory, name)) : readFileSync(join(directory, name), "utf8");
    const tag = createHash("sha256").update(body).digest("hex").slice(0, 12);
    return `  ${JSON.stringify(name)}: ${JSON.stringify({ tag, type, body })},`;
  });
  return [
    "// Written by `npm run web-assets` from the files beside it; change those.",
    "// biome-ignore-all format: generated",
    "// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the script's own",
    "export const assets = {",
    ...entries,
    "} as const;",
    "",
    "export type AssetName = keyof typeof assets;",
    "",
  ].join("\n");
}

/** The script with its imports. */
function bundle(file: string): string {
  const banner = { js: "/*! With morphdom: Copyright (c) Patrick Steele-Idem, MIT licence */" };
  const { outputFiles } = buildSync({
    entryPoints: [file],
    bundle: true,
    minify: true,
    format: "esm",
    banner,
    write: false,
  });
  return outputFiles.map(({ text }) => text).join("");
}

if (import.meta.main) writeFileSync(target, renderAssets());
