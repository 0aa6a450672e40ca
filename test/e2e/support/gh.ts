/** The real gh over the emulator where one is installed (`OCTOPOOL_GH_PATH`), else a program that writes as it does. */
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * `gh api -X METHOD PATH -f name=value …`, the one form of a write that these tests use, and `gh --version`. It names
 * no path: a script that mentions a folder called octopool would be taken for Octopool itself.
 */
const writer = `#!/usr/bin/env node
const args = process.argv.slice(2);
if (args[0] === "--version") {
  console.log("gh version 2.46.0 (stand-in)");
  process.exit(0);
}
const after = (flag) => args.flatMap((arg, at) => (arg === flag ? [args[at + 1]] : []));
const body = {};
for (const field of after("-f")) {
  const [, name, list, value] = /^([^=[]+)(\\[\\])?=(.*)$/s.exec(field);
  if (list) (body[name] ??= []).push(value);
  else body[name] = value;
}
const path = args.find((arg, at) => at > 0 && !arg.startsWith("-") && !["-X", "-f"].includes(args[at - 1]));
fetch(process.env.EMULATOR + "/" + path, {
  method: after("-X")[0],
  headers: { authorization: "token " + process.env.GH_TOKEN, "content-type": "application/json" },
  body: JSON.stringify(body),
}).then(async (response) => {
  process.stdout.write(await response.text());
  process.exitCode = response.ok ? 0 : 1;
});
`;

/** The variables by which a machine's real gh reaches this GitHub. */
export async function ghEnvironment(
  directory: string,
  github: { readonly url: string; readonly socket: string | undefined },
  token: string,
): Promise<Readonly<Record<string, string>>> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "config.yml"), `http_unix_socket: ${github.socket}\n`);
  const standIn = join(directory, "gh");
  await writeFile(standIn, writer);
  await chmod(standIn, 0o755);
  return {
    OCTOPOOL_GH_PATH: process.env.OCTOPOOL_GH_PATH ?? standIn,
    GH_CONFIG_DIR: directory,
    GH_TOKEN: token,
    EMULATOR: github.url,
  };
}
