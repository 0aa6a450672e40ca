/** The real gh as an oracle: it is pointed at a small server on a unix socket and asked for its output. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askGhVersion } from "../../daemon/gh-versions.ts";
import { goldenEra } from "../differential/eras.ts";

/** The real gh's result. */
interface OracleAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface Oracle extends AsyncDisposable {
  /** Runs `gh …args`; `bodies` are the JSON texts its reads are answered with, by path. */
  run(args: readonly string[], bodies: Readonly<Record<string, string>>): Promise<OracleAnswer>;
}

/** Starts the server. `gh` is the path of the real binary; `env` is added to its environment. */
export async function startOracle(gh: string, env: Readonly<Record<string, string>> = {}): Promise<Oracle> {
  const folder = await mkdtemp(join(tmpdir(), "oracle-"));
  const socket = join(folder, "s");
  let bodies: Readonly<Record<string, string>> = {};
  const server = createServer((request, response) => {
    const body = bodies[new URL(request.url ?? "/", "http://localhost").pathname];
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json; charset=utf-8" });
    response.end(body ?? '{"message":"Not Found"}');
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  await writeFile(join(folder, "config.yml"), `http_unix_socket: ${socket}\nversion: "1"\n`);
  const environment = {
    PATH: "/usr/bin:/bin",
    HOME: folder,
    GH_CONFIG_DIR: folder,
    GH_TOKEN: "oracle",
    TZ: "UTC",
    ...env,
  };
  return {
    run: (args, next) => {
      bodies = next;
      return new Promise((resolve) => {
        execFile(gh, args, { env: environment, cwd: folder, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
          resolve({ stdout, stderr, exitCode: typeof error?.code === "number" ? error.code : error ? 1 : 0 });
        });
      });
    },
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

/** The era of the real gh: the directory that its answers are kept in. */
export async function eraOf(gh: string): Promise<string> {
  return goldenEra(await askGhVersion(gh, tmpdir()));
}

/** The real gh from the command line: `--gh PATH`. */
export function ghFromArguments(args: readonly string[]): string {
  const path = args[args.indexOf("--gh") + 1];
  if (!args.includes("--gh") || path === undefined) throw new Error("Say where the real gh is: --gh PATH");
  return path;
}
