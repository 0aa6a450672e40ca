/**
 * Writes the Homebrew formula of a release from its checksums: `node scripts/formula.ts SHA256SUMS owner/name`.
 * A binary without a checksum is an error: a formula must not name a missing file.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { platforms, workspace } from "./pack.ts";
import { runScript, UsageError } from "./script.ts";

const template = join(import.meta.dirname, "../packaging/octopool.rb.in");

interface Release {
  readonly version: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** Lines of `sha256sum`. */
  readonly checksums: string;
}

/** @throws Error naming the platform whose binary has no checksum. */
export function renderFormula({ version, repository, checksums }: Release): string {
  const sums = new Map(
    checksums.split("\n").flatMap((line) => {
      const [, sum, file] = /^([0-9a-f]{64}) [ *](\S+)$/.exec(line) ?? [];
      return sum === undefined || file === undefined ? [] : [[file, sum] as const];
    }),
  );
  const filled = platforms.reduce(
    (text, platform) => {
      const sum = sums.get(`octopool-${version}-${platform}`);
      if (sum === undefined) throw new Error(`There is no checksum of octopool-${version}-${platform}.`);
      return text.replace(`@SHA256_${platform}@`, sum);
    },
    readFileSync(template, "utf8"),
  );
  return filled.replaceAll("@VERSION@", version).replaceAll("@REPOSITORY@", repository);
}

if (import.meta.main)
  await runScript("formula", () => {
    const [file, repository] = process.argv.slice(2);
    if (file === undefined || repository === undefined)
      throw new UsageError("usage: node scripts/formula.ts SHA256SUMS owner/name");
    const { version } = workspace();
    process.stdout.write(renderFormula({ version, repository, checksums: readFileSync(file, "utf8") }));
    return 0;
  });
