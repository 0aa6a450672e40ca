import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderCliDocs } from "../../scripts/docs-cli.ts";

test("docs/cli.md agrees with the command definitions (else: npm run docs:cli)", () => {
  expect(readFileSync(join(import.meta.dirname, "../../docs/cli.md"), "utf8")).toBe(renderCliDocs());
});

test("a group that only holds commands shows no usage of its own", () => {
  expect(renderCliDocs()).not.toMatch(/^octopool (daemon|admin|admin (caller|identity|pool|cache))$/m);
});

test("every heading that the overview links to exists", () => {
  const text = renderCliDocs();
  const anchors = new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => title.toLowerCase().replaceAll(" ", "-")),
  );
  const linked = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = ""]) => anchor);
  expect(linked).not.toEqual([]);
  expect(linked.filter((anchor) => !anchors.has(anchor))).toEqual([]);
});
