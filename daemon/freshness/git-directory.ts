/** The repository that a directory is in, found as git finds it: plain, worktree, submodule, or where GIT_DIR says. */
import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { repositoryOfRemote } from "./places.ts";

/** Where refs and config are: for a linked worktree, the main repository's directory. */
export function commonGitDirectory(cwd: string, gitDir?: string): string | undefined {
  const directory = gitDir ? resolve(cwd, gitDir) : findGitDirectory(cwd);
  if (directory === undefined) return undefined;
  const common = readText(join(directory, "commondir"));
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
  const stat = statSync(entry, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return entry;
  if (stat?.isFile()) {
    const link = /^gitdir:\s*(.+)$/m.exec(readText(entry) ?? "")?.[1];
    return link === undefined ? undefined : resolve(directory, link.trim());
  }
  // A bare repository is its own git directory.
  const bare = statSync(join(directory, "HEAD"), { throwIfNoEntry: false })?.isFile();
  return bare && statSync(join(directory, "refs"), { throwIfNoEntry: false })?.isDirectory() ? directory : undefined;
}

/** The repositories on github.com that its remotes name; empty when that cannot be told without git. */
export function remoteRepositories(directory: string): readonly string[] {
  const config = readText(join(directory, "config")) ?? "";
  const remotes = config.split(/^\s*\[/m).filter((section) => /^remote\s/i.test(section));
  const addresses = remotes.flatMap((section) => [...section.matchAll(/^\s*(?:push)?url\s*=\s*(.+?)\s*$/gim)]);
  const repositories = addresses.map((match) => repositoryOfRemote(match[1] ?? ""));
  // A remote that is elsewhere, or behind an alias of the user's own, leaves doubt: then everything is concerned.
  const known = repositories.filter((repository) => repository !== undefined);
  return known.length === repositories.length ? [...new Set(known)] : [];
}

function readText(path: string): string | undefined {
  // Asking first is cheaper than an exception, and most of these files do not exist.
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
