/** Checks of this machine. */
import { statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { otherHostsOf, standingOfGh } from "../../daemon/gh-standing.ts";
import { daemonStatusSchema } from "../../shared/daemon-status.ts";
import { directoryProblem } from "../../shared/directory-problem.ts";
import { isExecutable } from "../../shared/regular-file.ts";
import { runtimePaths } from "../../shared/runtime-directory.ts";
import { keyringPatienceMs } from "../../shared/settings/connection.ts";
import { systemKeyring } from "../../shared/settings/credentials/keyring.ts";
import { checkEnvironment, environmentChoice, environmentFlag } from "../../shared/settings/environment.ts";
import { variables } from "../../shared/settings/environment-table.ts";
import { credentialsPath, settingsPath } from "../../shared/settings/paths.ts";
import { readSaved } from "../../shared/settings/saved.ts";
import { isNewer, version } from "../../shared/version.ts";
import { readDaemonStatus } from "../daemon-status.ts";
import { canUseProxy } from "../fetch.ts";
import { findCurl, oldestCurl } from "../install/curl.ts";
import { defaultShimDirectory } from "../install/places.ts";
import { isOurShim } from "../install/script.ts";
import type { Io } from "../io.ts";
import { oldestNode } from "../node-version.ts";
import { bytes, duration, humanText, plural } from "../output/text.ts";
import { realGhIfAny } from "../real-gh.ts";
import { nearest } from "../words/nearest.ts";
import { type Check, type Finding, failure, ok, skipped, warning } from "./check.ts";

/** Time for another program to answer, in milliseconds. */
const patienceMs = 10_000;

export function machineChecks(io: Io): readonly Check[] {
  const { env } = io;
  const section = "This machine";
  return [
    { section, name: "Node", look: () => checkNode(process.versions.node, env) },
    { section, name: "variables", look: () => checkVariables(io) },
    { section, name: "real gh", look: () => checkRealGh(io) },
    ...otherHosts(env).map((look) => ({ section, name: "other hosts", look }) as const),
    { section, name: "gh on PATH", look: () => checkPath(io) },
    { section, name: "git", look: () => checkGit(io) },
    { section, name: "socket", look: () => checkSocket(env) },
    { section, name: "daemon", look: () => checkDaemon(io) },
    { section, name: "token", look: () => checkToken(io) },
  ];
}

export function checkNode(running: string, env: Io["env"] = {}) {
  const behindProxy = Boolean(env.HTTPS_PROXY || env.https_proxy);
  if (behindProxy && !canUseProxy(env))
    return warning(`${running} needs a hint for HTTPS_PROXY`, "Set NODE_USE_ENV_PROXY=1, or use Node 24.");
  if (!isNewer(oldestNode, running)) return ok(running);
  return failure(`${running} is too old`, `Install Node ${oldestNode} or later, or the single-file octopool.`);
}

function checkVariables({ env }: Io) {
  const [first, ...others] = checkEnvironment(env);
  if (first === undefined) {
    const set = Object.keys(env).filter((name) => name.startsWith("OCTOPOOL_"));
    const known = variables.map(({ name }): string => name);
    const unknown = set.filter((name) => !known.includes(name));
    if (unknown.length > 0) return warning(...unknownVariables(unknown, known));
    return ok(set.length === 0 ? "none set" : set.sort().join(", "));
  }
  return failure([first, ...others].map((error) => error.message).join(" "), first.hint);
}

function unknownVariables(unknown: readonly string[], known: readonly string[]): readonly [string, string] {
  const close = unknown.flatMap((name) => nearest(name, known).slice(0, 1));
  const hint =
    close.length > 0
      ? `Did you mean ${close.join(", ")}?`
      : "Unset those that you do not need; docs/cli.md lists the existing ones.";
  return [`no such variable: ${unknown.toSorted().join(", ")}`, hint];
}

async function checkRealGh(io: Io) {
  const path = realGhIfAny(io);
  if (path === undefined)
    return failure("none found", "Install it from https://cli.github.com, or set OCTOPOOL_GH_PATH: writes need it.");
  const child = await execa(path, ["--version"], {
    env: { ...io.env },
    extendEnv: false,
    reject: false,
    timeout: patienceMs,
  });
  const found = /^gh version (\S+)/.exec(child.stdout)?.[1];
  if (found === undefined) return failure(`${path} does not report a version`, "Reinstall gh.");
  const { kind, words, different } = standingOfGh(found, io.env);
  const message = `${found} at ${path}; ${words}`;
  if (different.length === 0) return ok(message, kind === "proven" ? `${found} at ${path}` : undefined);
  return warning(
    `${message}; left to it are ${different.join("; ")}`,
    "These commands run in the real gh, at its cost.",
  );
}

/** Most people have none. */
function otherHosts(env: Io["env"]): readonly (() => Finding)[] {
  const hosts = otherHostsOf(env);
  if (hosts === undefined) {
    return [
      () =>
        warning("gh's hosts.yml is not as gh writes it", "Commands that name no host run in the real gh until it is."),
    ];
  }
  if (hosts.length === 0) return [];
  return [() => ok(`${humanText(hosts.join(", "))}: read with your own token, never by the relay`)];
}

async function checkPath({ env, ourselves }: Io) {
  const found = (env.PATH ?? "")
    .split(delimiter)
    .map((directory) => join(directory, "gh"))
    .find(isExecutable);
  if (found === undefined) return warning("there is no gh on PATH", "Run `octopool install-shim`.");
  if (isOurShim(found)) return checkShim(found, env);
  const file = statSync(found);
  const linked = ourselves.some((path) => {
    const own = statSync(path, { throwIfNoEntry: false });
    return own?.dev === file.dev && own.ino === file.ino;
  });
  if (linked) return ok(`a link to octopool, ${found}`);
  const directory = defaultShimDirectory(env);
  if (!isOurShim(join(directory, "gh"))) return warning(`${found} comes first`, "Run `octopool install-shim`.");
  return warning(
    `${found} comes first in this terminal; the shim is installed`,
    `Open a new terminal, or run: export PATH="${directory}:$PATH"`,
  );
}

async function checkShim(path: string, env: Io["env"]) {
  const curl = await findCurl(env);
  if (curl === "missing") return warning(`${path} finds no curl, and is slower without`, "Install curl.");
  if (!curl.tooOld) return ok(`the fast one, ${path}`);
  return failure(
    `${path} needs curl ${oldestCurl}; this is ${curl.version}`,
    "Update curl, or run `octopool uninstall-shim`.",
  );
}

async function checkGit({ env }: Io) {
  const child = await execa("git", ["--version"], {
    env: { ...env },
    extendEnv: false,
    reject: false,
    timeout: patienceMs,
  });
  if (child.exitCode === 0) return ok(humanText(child.stdout.replace(/^git version /, "")));
  return warning("git does not answer", "Install git, or name the repository with -R.");
}

function checkSocket(env: Io["env"]) {
  const uid = process.getuid?.() ?? 0;
  const { directory, socket } = runtimePaths({ env, platform: process.platform, uid });
  const problem = directoryProblem(directory, uid);
  if (problem === undefined) return ok(socket);
  if (problem === "does not exist") return ok(`${directory} is made with the first read`);
  return failure(`${directory} ${problem}`, `Remove it, or run \`chmod 700 ${directory}\` if it is yours.`);
}

/** Only the fields that the check needs: a daemon of another version may send fewer. */
const statusSchema = daemonStatusSchema.pick({ version: true, pid: true, cache: true }).extend({
  counters: daemonStatusSchema.shape.counters.pick({ uptimeSeconds: true }),
});

async function checkDaemon({ env }: Io) {
  if (environmentFlag(env, "OCTOPOOL_NO_DAEMON")) return skipped("OCTOPOOL_NO_DAEMON is set");
  const status = await readDaemonStatus(env);
  if (status === undefined) return ok("not running; it starts with the first read");
  const parsed = statusSchema.safeParse(status);
  if (!parsed.success) return warning("its status has another version's format", "Run `octopool daemon stop`.");
  const { version: running, pid, counters, cache } = parsed.data;
  if (running !== version)
    return warning(`runs ${humanText(running)}, this is ${version}`, "Run `octopool daemon stop`.");
  return ok(
    `running for ${duration(counters.uptimeSeconds)} (pid ${pid}), ${plural(cache.entries, "answer")} in memory, ${bytes(cache.bytes)}`,
  );
}

async function checkToken({ env }: Io) {
  const saved = readSaved(settingsPath(env));
  if (env.OCTOPOOL_TOKEN) return ok("from OCTOPOOL_TOKEN");
  if (saved?.store === "file") return checkTokenFile(credentialsPath(env));
  const choice = environmentChoice(env, "OCTOPOOL_CREDENTIAL_STORE") ?? "auto";
  if (saved === undefined && choice === "file") return ok("will be kept in a private file");
  const answer = await systemKeyring({ env, timeoutMs: keyringPatienceMs }).get(saved?.server ?? "octopool-doctor");
  if (answer.kind === "answer") {
    if (saved !== undefined && answer.value === undefined)
      return failure("the system keyring no longer has it", "Run `octopool login` again.");
    return ok(saved === undefined ? "the system keyring is ready for it" : "in the system keyring");
  }
  if (saved === undefined) return ok(`will be kept in a private file (${answer.reason})`);
  return failure(`the system keyring cannot be read: ${answer.reason}`, "Unlock or start it, or log in again.");
}

function checkTokenFile(path: string) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return failure(`${path} is gone`, "Run `octopool login` again.");
  if ((stat.mode & 0o077) === 0) return ok(`in ${path}, readable only by you`);
  return failure(`${path} can be read by others`, `Run \`chmod 600 ${path}\`, and \`octopool login\` for a new token.`);
}
