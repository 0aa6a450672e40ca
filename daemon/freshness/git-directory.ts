/** The repository that a directory is in, found as git finds it: plain, worktree, submodule, or where GIT_DIR says. */
import { dirname, join, resolve } from "node:path";
import { readIfRegular, statIfAny } from "../../shared/regular-file.ts";
import { repositoryOfRemote } from "./places.ts";

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

/** The repositories on github.com that its remotes name; empty when that cannot be told without git. */
export function remoteRepositories(directory: string): readonly string[] {
  const config = readIfRegular(join(directory, "config")) ?? "";
  const repositories = remoteAddresses(config).map(repositoryOfRemote);
  // A remote that is elsewhere, or behind an alias of the user's own, leaves doubt: then everything is concerned.
  const known = repositories.filter((repository) => repository !== undefined);
  return known.length === repositories.length ? [...new Set(known)] : [];
}

/** Line by line: an expression over the whole text could take a time that grows with its square. */
function remoteAddresses(config: string): readonly string[] {
  const addresses: string[] = [];
  let inRemote = false;
  for (const line of config.split("\n").map((text) => text.trim())) {
    if (line.startsWith("[")) inRemote = /^\[remote\s/i.test(line);
    const value = inRemote ? /^(?:\[[^\]]*\]\s*)?(?:push)?url\s*=(.*)$/i.exec(line)?.[1] : undefined;
    if (value !== undefined) addresses.push(value.trim());
  }
  return addresses;
}
