/**
 * The notice of a newer release, as gh has one: at most once a day, on a terminal only, never of `gh` itself. It makes
 * the request of `npm view octopool version` to the npm registry, while the command runs.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { parseJson } from "../../shared/parse-json.ts";
import type { Environment } from "../../shared/settings/environment.ts";
import { configDirectory } from "../../shared/settings/paths.ts";
import { isNewer } from "../../shared/version.ts";
import type { Io } from "../io.ts";

interface PublishedRelease {
  /** Of this octopool. */
  readonly version: string;
  /** The running file, which shows how it was installed. */
  readonly executable: string;
  /** Whether it is the single file, which brings its own Node. */
  readonly single: boolean;
}

type NoticeIo = Pick<Io, "env" | "now" | "fetch" | "stdout" | "stderr">;

const dayMs = 24 * 60 * 60 * 1000;
/** The registry has this long, in milliseconds; the command itself never waits longer than the rest of it. */
const registryPatienceMs = 1500;
const publicRegistry = "https://registry.npmjs.org";

/** As gh knows them: a notice has no reader there. */
const machines = ["CI", "BUILD_NUMBER", "RUN_ID", "CODESPACES"] as const;

/** Programs read their output, or it is gh's own. */
const silentCommands = new Set(["gh", "completion", "man", "version", "--version", "daemon"]);

const releaseSchema = z.object({ version: z.string().regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}$/) });
const keptSchema = z.object({ checkedAt: z.number() });

/**
 * Starts the request, if a day has passed since the last one and a person would see the notice.
 * @returns prints the notice once the command is done; never rejects
 */
export function startNotice(io: NoticeIo, argv: readonly string[], release: PublishedRelease): () => Promise<void> {
  if (!isWanted(io, argv, release) || !isDue(io)) return async () => undefined;
  const latest = askRegistry(io).catch(() => undefined);
  return async () => {
    const found = await latest;
    // Also after a failure: a machine without a network waits once a day, not with each command.
    await remember(io);
    if (found === undefined || !isNewer(found, release.version)) return;
    const { style } = io.stderr;
    await io.stderr
      .write(
        `\n${style.warn("A new release of octopool is available:")} ${release.version} → ${style.bold(found)}\n` +
          `To upgrade: ${upgradeOf(release)}\n`,
      )
      .catch(() => undefined);
  };
}

function isWanted(
  { env, stdout, stderr }: NoticeIo,
  [command = ""]: readonly string[],
  { version }: PublishedRelease,
): boolean {
  if (!stdout.isTerminal || !stderr.isTerminal || silentCommands.has(command)) return false;
  if (version.endsWith("-source") || machines.some((name) => env[name])) return false;
  return !isOff(env);
}

/** A switch that is on, or that has an invalid value: it was meant to turn the notice off. */
function isOff(env: Environment): boolean {
  return !/^(?:|0|false|no|off)$/i.test((env.OCTOPOOL_NO_UPDATE_NOTIFIER ?? "").trim());
}

function statePath(env: Environment): string {
  return join(configDirectory(env), "update.json");
}

function isDue({ env, now }: NoticeIo): boolean {
  try {
    const { data } = keptSchema.safeParse(parseJson(readFileSync(statePath(env), "utf8")));
    // A clock that was set back must not silence the notice for long.
    return data === undefined || now() < data.checkedAt || now() - data.checkedAt >= dayMs;
  } catch {
    return true;
  }
}

async function remember({ env, now }: NoticeIo): Promise<void> {
  try {
    // Loaded once a day, and not by each command.
    const { writeSettingsFile } = await import("../../shared/settings/write.ts");
    writeSettingsFile(statePath(env), { checkedAt: now() });
  } catch {
    // A home that cannot be written gets its notice each time.
  }
}

/** @throws the network's errors */
async function askRegistry({ env, fetch }: NoticeIo): Promise<string | undefined> {
  const registry = registryOf(env);
  const response = await fetch(`${registry}/octopool/latest`, {
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(registryPatienceMs),
  });
  return response.ok ? releaseSchema.safeParse(parseJson(await response.text())).data?.version : undefined;
}

/** npm's own setting, where it is on https; a registry of a company usually holds the public packages too. */
function registryOf(env: Environment): string {
  const own = env.npm_config_registry ?? "";
  return /^https:\/\/[^\s@]+$/.test(own) ? own.replace(/\/+$/, "") : publicRegistry;
}

function upgradeOf({ executable, single }: PublishedRelease): string {
  if (/\/(?:Cellar|linuxbrew|homebrew)\//.test(executable)) return "brew upgrade octopool";
  if (single) return "download the new single file from its release";
  return "npm install -g octopool@latest";
}
