/**
 * Asks each real gh for the usage text of every command that the engine answers, and writes the table that refusals are
 * printed from: `node scripts/goldens/usage.ts GH…`. The rows of other releases stay.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands } from "../../daemon/gh/registry.ts";
import { usages } from "../../daemon/gh/usage/usage-table.ts";
import { provenReleases } from "../../daemon/gh/versions.ts";

const target = new URL("../../daemon/gh/usage/usage-table.ts", import.meta.url);

/** Command to release to text, without gaps: the table holds only where a text changes. */
const texts = new Map<string, Map<string, string>>();
for (const [command, changes] of Object.entries(usages)) {
  let text: string | undefined;
  const known = new Map<string, string>();
  for (const release of provenReleases) {
    text = changes[release] ?? text;
    if (text !== undefined) known.set(release, text);
  }
  texts.set(command, known);
}

const home = await mkdtemp(join(tmpdir(), "usage-"));
try {
  for (const gh of process.argv.slice(2)) {
    const version = /\d+\.\d+/.exec(await said(gh, ["--version"]))?.[0] ?? "";
    if (!provenReleases.some((release) => release === version))
      throw new Error(`gh ${version} is not a proven release`);
    for (const { path } of commands) {
      const refusal = await said(gh, [...path, "--no-such-flag"]);
      const [message, ...rest] = refusal.split("\n\n");
      if (message !== "unknown flag: --no-such-flag") throw new Error(`${path.join(" ")}: ${refusal}`);
      const known = texts.get(path.join(" ")) ?? new Map<string, string>();
      texts.set(path.join(" "), known.set(version, rest.join("\n\n")));
    }
  }
} finally {
  await rm(home, { recursive: true });
}

/** Standard output and error of a gh that knows no account. */
function said(gh: string, args: readonly string[]): Promise<string> {
  const env = { HOME: home, PATH: "/usr/bin:/bin" };
  return new Promise((resolve) => {
    execFile(gh, args, { env, cwd: home }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}

const lines = [...texts].map(([command, known]) => {
  const changed = provenReleases.filter((release, index) => {
    const text = known.get(release);
    return text !== undefined && text !== known.get(provenReleases[index - 1] ?? "");
  });
  const entries = changed.map((release) => `    ${JSON.stringify(release)}: ${JSON.stringify(known.get(release))},\n`);
  return `  ${JSON.stringify(command)}: {\n${entries.join("")}  },\n`;
});
await writeFile(
  target,
  `/** gh's text below a refusal: by command, and by the release since which. Written by scripts/goldens/usage.ts. */
// biome-ignore format: generated
export const usages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
${lines.join("")}};
`,
);
