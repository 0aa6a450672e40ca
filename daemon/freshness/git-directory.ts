/** The repository of a directory, found as git finds it: plain, worktree, submodule, or from GIT_DIR. */
import { dirname, join, resolve } from "node:path";
import { readIfRegular, statIfAny } from "../../shared/regular-file.ts";
import { repositoryNamed, repositoryOfRemote } from "./named-repositories.ts";

/** Where refs and config are: for a linked worktree, the main repository's directory. */
export function commonGitDirectory(cwd: string, gitDir?: string): string | undefined {
  const directory = gitDir ? resolve(cwd, gitDir) : findGitDirectory(cwd);
  if (directory === undefined) return undefined;
  const common = readIfRegular(join(directory, "commondir"));
  return common === undefined ? directory : resolve(directory, common.trim());
}

function findGitDirectory(cwd: string): string | undefined {
  for (let directory = cwd; ; directory = dirname(directory)) {
    const found = gitDirectoryAt(directory);
    if (found !== undefined) return found;
    if (dirname(directory) === directory) return undefined;
  }
}

function gitDirectoryAt(directory: string): string | undefined {
  const entry = join(directory, ".git");
  const stat = statIfAny(entry);
  if (stat?.isDirectory()) return entry;
  if (stat?.isFile()) {
    const link = /^gitdir:\s*(.+)$/m.exec(readIfRegular(entry) ?? "")?.[1];
    return link === undefined ? undefined : resolve(directory, link.trim());
  }
  // A bare repository is its own git directory.
  const bare = statIfAny(join(directory, "HEAD"))?.isFile();
  return bare && statIfAny(join(directory, "refs"))?.isDirectory() ? directory : undefined;
}

/** The repositories on github.com that its remotes name; empty when only git can tell. */
export function remoteRepositories(directory: string): readonly string[] {
  return repositoriesOfCheckout(directory) ?? [];
}

/** The same, but `undefined` where only git can tell, and empty for no remote there. */
export function repositoriesOfCheckout(directory: string): readonly string[] | undefined {
  const config = readIfRegular(join(directory, "config")) ?? "";
  const settings = settingsOf(config);
  // Only git reads included files.
  if (settings.some(({ section }) => /^include/.test(section)) || settings.some(movesRepositories)) return undefined;
  const remotes = settings.filter(({ section }) => section === "remote");
  const repositories = remotes.flatMap(({ name, value }) => {
    if (name === "url" || name === "pushurl") return [repositoryOfRemote(value)];
    // The choice of `gh repo set-default`: `base` for the remote itself, or a repository that need be no remote.
    return name === "gh-resolved" && value !== "base" ? [repositoryNamed(value)] : [];
  });
  // A remote that is elsewhere, or behind an alias of the user's own, is doubtful: then everything is affected.
  const known = repositories.filter((repository) => repository !== undefined);
  return known.length === repositories.length ? [...new Set(known)] : undefined;
}

/**
 * Whether a push from here may reach GitHub: not where every remote is a directory of this machine, or there is none.
 */
export function mayPushToGitHub(directory: string): boolean {
  const settings = settingsOf(readIfRegular(join(directory, "config")) ?? "");
  if (settings.some(({ section, name }) => /^include/.test(section) || /insteadof$/.test(name))) return true;
  const addresses = settings.filter(({ section, name }) => section === "remote" && /^(push)?url$/.test(name));
  return addresses.some(({ value }) => !/^(?:\/|\.{1,2}(?:\/|$)|file:\/\/)/.test(value));
}

/** Whether a rule (`url.….insteadOf`) rewrites some address to another owner's repository on github.com. */
function movesRepositories({ section, part, name }: Setting): boolean {
  return section === "url" && /insteadof$/.test(name) && /github\.com[:/]+[^/]/i.test(part);
}

/** Whether the user's own settings of git do so for every checkout; files that those include are read too. */
export function movesRepositoriesEverywhere(env: Readonly<Record<string, string | undefined>>): boolean {
  const { HOME = "/" } = env;
  const own = [join(env.XDG_CONFIG_HOME || join(HOME, ".config"), "git/config"), join(HOME, ".gitconfig")];
  return ["/etc/gitconfig", ...own].some((file) => {
    const settings = settingsIn(file);
    const included = settings.flatMap(({ section, name, value }) =>
      /^include/.test(section) && name === "path" ? [resolve(dirname(file), value.replace(/^~\//, `${HOME}/`))] : [],
    );
    return [...settings, ...included.flatMap(settingsIn)].some(movesRepositories);
  });
}

interface Setting {
  /** In lower case, without its quoted part. */
  readonly section: string;
  readonly part: string;
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

function settingsIn(file: string): readonly Setting[] {
  return settingsOf(readIfRegular(file) ?? "");
}

/** Line by line: an expression over the whole text could take a time that grows with its square. */
function settingsOf(config: string): readonly Setting[] {
  const settings: Setting[] = [];
  let [section, part] = ["", ""];
  for (const line of config.split("\n").map((text) => text.trim())) {
    const head = /^\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (head !== null) [section, part] = [(head[1] ?? "").toLowerCase(), head[2] ?? ""];
    const setting = /^([\w-]+)\s*=(.*)$/.exec(line.slice(head?.[0].length ?? 0).trim());
    if (setting === null) continue;
    const [, name = "", value = ""] = setting;
    settings.push({ section, part, name: name.toLowerCase(), value: value.trim().replace(/^"(.*)"$/, "$1") });
  }
  return settings;
}
