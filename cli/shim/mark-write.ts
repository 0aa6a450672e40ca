/**
 * Records that a native write runs, without asking the daemon: a small file named after this process. The process
 * becomes the real gh, so the daemon sees the end of the write when that process ends. Only names of repositories and
 * the directory are written, never other arguments: those may be secrets.
 */
import { mkdirSync, readlinkSync, writeFileSync } from "node:fs";
import { tagsWrittenBy } from "../../shared/events/own-writes.ts";
import { mountsSeen } from "../../shared/mounts.ts";
import { everythingMark, markName, marksDirectory, otherProcesses, tagsPrefix } from "../../shared/protocol.ts";
import { runtimePaths, sharedMarksDirectory } from "../../shared/runtime-directory.ts";
import { ensureSafeDirectory } from "../../shared/safe-directory.ts";
import { commandWords, parseApi } from "./decide.ts";

interface WriteMark {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  readonly platform: string;
  /** Of the process that becomes gh. */
  readonly pid: number;
  /** The command's own words do not show its changes. */
  readonly anything?: boolean;
}

/**
 * Writes the mark into this runtime directory, and into the one directory that all processes of this user share, with
 * any runtime directory. Best effort: a machine on which no mark can be left has no daemon either.
 */
export function markWrite(mark: WriteMark): void {
  const text = (mark.anything ? [everythingMark] : [...placesOf(mark), ...tagsOf(mark)]).join("\0");
  const name = markName(mark.pid, processesSeen());
  const shared = sharedMarksDirectory(mark);
  const own = `${runtimePaths(mark).directory}/${marksDirectory}`;
  for (const directory of new Set([own, ...(shared === undefined ? [] : [shared])])) {
    try {
      ensureSafeDirectory(directory.slice(0, directory.lastIndexOf("/")), mark.uid);
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeFileSync(`${directory}/${name}`, text, { mode: 0o600 });
    } catch {}
  }
}

/** The mounts, or a marker where `/proc` shows other processes than this one's. */
function processesSeen(): string {
  try {
    if (readlinkSync("/proc/self") !== String(process.pid)) return otherProcesses;
  } catch {
    // Without it there are no namespaces either.
  }
  return mountsSeen();
}

function tagsOf({ args }: WriteMark): readonly string[] {
  const tags = tagsWrittenBy(args);
  return tags ? [`${tagsPrefix}${tags.join(",")}`] : [];
}

/** First words of commands whose targets are the directory's repository, `GH_REPO`, `-R`, or an address. */
export const repositoryCommands: readonly string[] = [
  "cache",
  "issue",
  "label",
  "pr",
  "release",
  "repo",
  "ruleset",
  "run",
  "secret",
  "variable",
  "workflow",
];

/** Variables of git's by which gh may find another repository than the daemon would, or none of it would read. */
export const gitVariables: readonly string[] = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_CONFIG_COUNT",
  "GIT_CONFIG_PARAMETERS",
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_SYSTEM",
  "GH_HOST",
];

/** The directory, `GH_REPO`, then every argument that names a repository, or `*` when anything may be meant. */
function placesOf({ args, cwd, env }: Pick<WriteMark, "args" | "cwd" | "env">): readonly string[] {
  return [cwd, env.GH_REPO ?? "", ...hintsOf(args, env)];
}

function hintsOf(args: readonly string[], env: WriteMark["env"]): readonly string[] {
  const [command = ""] = commandWords(args);
  if (gitVariables.some((name) => env[name])) return [everythingMark];
  if (command === "api")
    return args[0] === "api" ? [apiHint(args.slice(1))].filter((hint) => hint !== "") : [everythingMark];
  if (!repositoryCommands.includes(command)) return [everythingMark];
  return args.flatMap((arg, index) => hintOf(arg, index, args));
}

/** An address, a value of `-R`, or, where a repository is itself the argument, `owner/name`. */
function hintOf(arg: string, index: number, args: readonly string[]): readonly string[] {
  const before = args[index - 1];
  if (before === "-R" || before === "--repo") return [placeNamed(arg)];
  const attached = /^(?:--repo=|-R=?)(.+)$/s.exec(arg)?.[1];
  if (attached !== undefined) return [placeNamed(attached)];
  // Letters of one dash may stand together, and the last may have a value.
  if (/^-[A-Za-z]+R/.test(arg)) return [everythingMark];
  if (/github\.com[/:]/i.test(arg)) return [placeNamed(arg)];
  if (index < 2 || arg.startsWith("-")) return [];
  // A name alone is a repository of the user's own; behind `rename` it is none yet.
  if (args[0] === "repo" && args[1] !== "rename") return [placeNamed(arg)];
  return ["transfer", "rename"].includes(args[1] ?? "") && arg.includes("/") ? [placeNamed(arg)] : [];
}

/** `[host/]owner/name` of an argument that gh reads as a repository or a page of it; `*` for any other argument. */
function placeNamed(place: string): string {
  const address =
    /^(?:(?:https?|ssh|git):\/\/)?(?:git@)?(?:www\.|ssh\.)?github\.com(?::\d+)?[/:]([\w.-]+\/[\w.-]+)(?:[/?#].*)?$/i;
  const elsewhere = /^(?:https?:\/\/)?([\w.-]+\.[\w.-]+\/[\w.-]+\/[\w.-]+)$/;
  const found = address.exec(place)?.[1] ?? (/^[\w.-]+\/[\w.-]+$/.exec(place)?.[0] || elsewhere.exec(place)?.[1]);
  return found?.replace(/\.git$/, "") ?? everythingMark;
}

/** The repository of a path, none for the directory's own (`{owner}/{repo}`), or `*` for any. */
function apiHint(args: readonly string[]): string {
  const call = parseApi(args);
  const path = (call?.path ?? "").replace(/^https:\/\/api\.github\.com/, "").replace(/^\//, "");
  const { hostname = "github.com" } = call ?? {};
  if (!/^github\.com$/i.test(hostname)) {
    const there = /^repos\/([\w.-]+\/[\w.-]+)(?=[/?#]|$)/.exec(path)?.[1];
    return there === undefined ? everythingMark : placeNamed(`${hostname}/${there}`);
  }
  if (/^repos\/(\{owner\}\/\{repo\}|:owner\/:repo)(?=[/?#]|$)/.test(path)) return "";
  return /^repos\/([\w.-]+\/[\w.-]+)(?=[/?#]|$)/.exec(path)?.[1] ?? everythingMark;
}
