/**
 * A machine whose gh is the real one, with settings that send its requests to a socket: they pass through the daemon.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import * as z from "zod";
import { readDaemonStatus } from "../../cli/daemon-status.ts";
import type { Machine } from "../../scripts/stack/machine.ts";

const statusSchema = z.looseObject({
  pid: z.number(),
  via: z.looseObject({ commands: z.number(), unchanged: z.number(), kept: z.number(), requests: z.number() }),
});

export const viaStatus = async (machine: Machine) => statusSchema.parse(await readDaemonStatus(machine.env));

/** Settings of gh in the machine's directory that name the socket; the machine's environment is told of them. */
export async function settingsFor(machine: Machine, socket: string, token: string): Promise<void> {
  const config = join(machine.directory, "gh-config");
  await mkdir(config);
  await writeFile(join(config, "config.yml"), `version: "1"\nhttp_unix_socket: ${socket}\n`);
  Object.assign(machine.env, { GH_CONFIG_DIR: config, GH_TOKEN: token });
}

/** The copies of gh's settings that this machine's daemon has made. */
export async function settingsCopies(machine: Machine): Promise<readonly string[]> {
  const run = join(machine.directory, "run", "octopool");
  const ways = (await readdir(run)).filter((name) => name.startsWith("via-")).map((name) => join(run, name));
  const copies = await Promise.all(
    ways.map(async (way) =>
      (await readdir(way)).filter((name) => !name.endsWith(".sock")).map((name) => join(way, name)),
    ),
  );
  return copies.flat();
}

/** The output of a command, as a digest: the output may be larger than memory. */
export async function digestOfOutput(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly sha256: string; readonly bytes: number; readonly exitCode: number | null }> {
  const [program, ...args] = command;
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "close");
  const hash = createHash("sha256");
  let bytes = 0;
  await pipeline(child.stdout, async (parts: AsyncIterable<Buffer>) => {
    for await (const part of parts) {
      hash.update(part);
      bytes += part.length;
    }
  });
  await ended;
  return { sha256: hash.digest("hex"), bytes, exitCode: child.exitCode };
}

/** The most memory that a process has held so far, in bytes (Linux). */
export async function mostMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
