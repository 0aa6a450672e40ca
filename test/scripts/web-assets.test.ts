import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderAssets, target } from "../../scripts/web-assets.ts";

test("the Worker's pages bring the style, script and icon that lie beside them (else: npm run web-assets)", () => {
  expect(readFileSync(target, "utf8")).toBe(renderAssets());
});
