/**
 * Every command that gh has, of each release that was run here: whether it may be answered (`read`), changes nothing on
 * GitHub (`quiet`), or may change something (`write`: later reads of the place are live). A word that is not here is an
 * extension, an alias or a command of a future gh, and counts as a write.
 */

import { once } from "./once.ts";

type CommandKind = "read" | "quiet" | "write";

interface Rule {
  readonly kind: CommandKind;
  readonly why: string;
  /** Paths after `gh`, by commas; `a|b` are names of one word. */
  readonly paths: string;
}

/** Reads that the daemon cannot answer, but whose requests by gh it can share. */
const sharedGhReads = "reads of GitHub that only the real gh makes, and whose requests may be shared";

const rules: readonly Rule[] = [
  {
    kind: "read",
    why: "the engine may know the answer",
    paths:
      "pr view, pr list|ls, pr checks, pr diff, pr status, issue view, issue list|ls, issue status, run view, run list|ls, run watch, workflow view, workflow list|ls, release view, release list|ls, repo view, repo list|ls, label list|ls, search issues, search prs, search repos, search commits, search code",
  },
  {
    kind: "quiet",
    why: sharedGhReads,
    paths:
      "org list|ls, ruleset|rs check, ruleset|rs list|ls, ruleset|rs view, project list|ls, project view, project item-list, project field-list, discussion list|ls, discussion view, gist list|ls, gist view, secret list|ls, variable list|ls, variable get, cache list|ls",
  },
  {
    kind: "quiet",
    why: "reads of GitHub that only the real gh makes",
    paths:
      "status, gpg-key list|ls, ssh-key list|ls, agent-task|agent-tasks|agent|agents list, agent-task|agent-tasks|agent|agents view, issue artifact list|ls, issue artifact view, repo autolink list|ls, repo autolink view, repo deploy-key list|ls, repo gitignore list|ls, repo gitignore view, repo license list|ls, repo license view, repo read-dir, repo read-file, release verify, release verify-asset, attestation|at verify, attestation|at trusted-root, codespace|cs list|ls, codespace|cs view, codespace|cs logs, extension|extensions|ext search, skill|skills search, skill|skills preview|show, skill|skills list|ls",
  },
  {
    kind: "quiet",
    why: "brings something to this machine",
    paths:
      "repo clone, gist clone, pr checkout|co, co, run download, release download, issue artifact download, attestation|at download, extension|extensions|ext install, extension|extensions|ext upgrade, skill|skills install|add, skill|skills update",
  },
  {
    kind: "quiet",
    why: "changes settings of this machine, or shows them",
    paths:
      "alias delete, alias import, alias list|ls, alias set, auth login, auth logout, auth refresh, auth setup-git, auth status, auth switch, auth token, config clear-cache, config get, config list|ls, config set, repo set-default, extension|extensions|ext create, extension|extensions|ext list|ls, extension|extensions|ext remove|uninstall, extension|extensions|ext browse, completion, __complete, __completeNoDesc, help, reference, version, licenses, preview prompter, browse",
  },
  {
    kind: "write",
    why: "changes issues, pull requests or discussions",
    paths:
      "issue create|new, issue close, issue comment, issue delete, issue develop, issue edit, issue lock, issue pin, issue reopen, issue transfer, issue unlock, issue unpin, issue artifact create|new, issue artifact delete, issue artifact edit, pr create|new, pr close, pr comment, pr edit, pr lock, pr merge, pr ready, pr reopen, pr revert, pr review, pr unlock, pr update-branch, discussion create, discussion edit, discussion comment, label clone, label create, label delete, label edit, agent-task|agent-tasks|agent|agents create",
  },
  {
    kind: "write",
    why: "changes repositories, releases, workflows or their contents",
    paths:
      "repo archive, repo create|new, repo delete, repo edit, repo fork, repo rename, repo sync, repo unarchive, repo autolink create|new, repo autolink delete, repo deploy-key add, repo deploy-key delete, release create|new, release delete, release delete-asset, release edit, release upload, run cancel, run delete, run rerun, workflow disable, workflow enable, workflow run, cache delete, secret delete|remove, secret set, variable delete|remove, variable set, skill|skills publish",
  },
  {
    kind: "write",
    why: "changes projects, gists or keys",
    paths:
      "project close, project copy, project create, project delete, project edit, project field-create, project field-delete, project item-add, project item-archive, project item-create, project item-delete, project item-edit, project link, project mark-template, project unlink, gist create|new, gist delete, gist edit, gist rename, gpg-key add, gpg-key delete, ssh-key add, ssh-key delete",
  },
  {
    kind: "write",
    why: "runs programs that may do anything",
    paths:
      "copilot, extension|extensions|ext exec, codespace|cs code, codespace|cs cp, codespace|cs create, codespace|cs delete, codespace|cs edit, codespace|cs jupyter, codespace|cs ports, codespace|cs ports forward, codespace|cs ports visibility, codespace|cs rebuild, codespace|cs ssh, codespace|cs stop",
  },
];

/** One command under one of its names. */
interface GhCommand {
  readonly path: readonly string[];
  readonly kind: CommandKind;
  readonly why: string;
}

/**
 * Every command under every name of it. Computed on first use: commands that are recognised by their first two words do
 * not need it.
 */
export const ghCommands: () => readonly GhCommand[] = once(() =>
  rules.flatMap(({ kind, why, paths }) =>
    paths.split(", ").flatMap((path) => namesOf(path.split(" ")).map((words) => ({ path: words, kind, why }))),
  ),
);

function namesOf([word, ...rest]: readonly string[]): readonly (readonly string[])[] {
  if (word === undefined) return [[]];
  const after = namesOf(rest);
  return word.split("|").flatMap((name) => after.map((words) => [name, ...words]));
}

/** Commands under {@link sharedGhReads}, by their words. */
export const leftToGh: () => ReadonlySet<string> = once(
  () =>
    new Set(
      ghCommands()
        .filter(({ why }) => why === sharedGhReads)
        .map(({ path }) => path.join(" ")),
    ),
);

const byPath = once(() => new Map(ghCommands().map((command) => [command.path.join(" "), command])));

/** First words of commands; alone, or before a word that none of them has, such a word prints help or an error. */
export const ghGroups: () => ReadonlySet<string> = once(() => new Set(ghCommands().map(({ path }) => path[0] ?? "")));

const longestPath = 3;

/** The command that arguments without flags before them name; undefined where gh's table has none. */
export function findGhCommand(args: readonly string[]): GhCommand | undefined {
  for (let length = longestPath; length > 0; length--) {
    const found = byPath().get(args.slice(0, length).join(" "));
    if (found && args.length >= length) return found;
  }
  return undefined;
}

/**
 * Classifies a command by its words without flags; `extensions` are names of extensions that only read, `args` the
 * whole line.
 */
export function kindOf(
  words: readonly string[],
  extensions: ReadonlySet<string> = new Set(),
  args: readonly string[] = words,
): CommandKind {
  const [first = "", second] = words;
  const found = findGhCommand(words);
  if (found) return found.path.join(" ") === "issue develop" && listsBranches(args) ? "quiet" : found.kind;
  if (ghGroups().has(first)) return second === undefined ? "quiet" : "write";
  return first === "" || extensions.has(first) ? "quiet" : "write";
}

/** `gh issue develop --list` shows the branches that are there. */
function listsBranches(args: readonly string[]): boolean {
  return args.some((arg) => arg === "--list" || arg === "-l" || arg === "--list=true");
}
