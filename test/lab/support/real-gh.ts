/** The real gh of the lab's machines: the one that is installed (`OCTOPOOL_GH_PATH`), else a stand-in for `gh api`. */
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { callerToken } from "./world.ts";

/** Whether commands beyond `gh api` can be compared. */
export const hasRealGh = (process.env.OCTOPOOL_GH_PATH ?? "") !== "";

/** Notes each call, then runs the program whose path lies beside it. It names no path: see cli's search for gh. */
const wrapper = `#!/bin/sh
here=\${0%/*}
echo "$*" >> "$here/calls"
read -r program < "$here/program"
exec "$program" "$@"
`;

/** `gh api [-X METHOD] PATH [-f name=value …]` without any option that changes output, and \`--version\`. */
const standIn = `#!/usr/bin/env node
const args = process.argv.slice(2);
if (args[0] === "--version") {
  console.log("gh version 2.46.0 (stand-in)");
  process.exit(0);
}
const { readFileSync } = require("node:fs");
const where = JSON.parse(readFileSync(__dirname + "/github.json", "utf8"));
const valued = ["-X", "-f", "-H", "-R", "--method", "--header"];
const after = (flag) => args.flatMap((arg, at) => (arg === flag ? [args[at + 1]] : []));
const path = args.find((arg, at) => at > 0 && !arg.startsWith("-") && !valued.includes(args[at - 1]));
const body = Object.fromEntries(after("-f").map((field) => field.split(/=(.*)/s).slice(0, 2)));
const method = after("-X")[0] ?? "GET";
const headers = Object.fromEntries(after("-H").map((line) => line.split(/:\\s*(.*)/s).slice(0, 2)));
fetch(where.url + "/" + path.replace(/^\\//, ""), {
  method,
  headers: { accept: "*/*", ...headers, authorization: "token " + where.token },
  ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
}).then(async (response) => {
  process.stdout.write(Buffer.from(await response.arrayBuffer()));
  process.exitCode = response.ok ? 0 : 1;
});
`;

export interface RealGh {
  /** The program to be found by Octopool; it notes its calls. */
  readonly path: string;
  /** The environment that it needs. */
  readonly env: Readonly<Record<string, string>>;
  /** The argument lines it was called with since {@link forget}, apart from questions for its version. */
  calls(): readonly string[];
  forget(): Promise<void>;
}

/** Makes the real gh of one machine, over this GitHub. */
export async function installRealGh(
  directory: string,
  github: { readonly url: string; readonly socket: string | undefined },
): Promise<RealGh> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "config.yml"), `http_unix_socket: ${github.socket}\n`);
  await writeFile(join(directory, "github.json"), JSON.stringify({ url: github.url, token: callerToken }));
  const stand = join(directory, "stand-in.cjs");
  await writeFile(stand, standIn);
  await writeFile(join(directory, "program"), `${process.env.OCTOPOOL_GH_PATH || stand}\n`);
  const path = join(directory, "gh");
  await writeFile(path, wrapper);
  for (const program of [path, stand]) await chmod(program, 0o755);
  const noted = join(directory, "calls");
  return {
    path,
    env: { GH_CONFIG_DIR: directory, GH_TOKEN: callerToken },
    calls: () =>
      existsSync(noted)
        ? readFileSync(noted, "utf8")
            .split("\n")
            .filter((line) => line !== "" && line !== "--version")
        : [],
    forget: () => rm(noted, { force: true }),
  };
}
