/** `octopool install-shim`: puts the fast gh first on PATH in every shell, and checks that it is. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { OctopoolError } from "../../shared/errors.ts";
import { isScript } from "../../shared/find-gh.ts";
import { version } from "../../shared/version.ts";
import type { CommandContext } from "../command.ts";
import type { Io } from "../io.ts";
import { withProgress } from "../output/progress.ts";
import { alignRows } from "../output/table.ts";
import { realGhIfAny } from "../real-gh.ts";
import { selfCommand } from "../self.ts";
import { withBlocks, withoutBlocks } from "./block.ts";
import { findCurl, oldestCurl } from "./curl.ts";
import { missingDirectories, problemOf, readText, replaceText } from "./files.ts";
import { defaultShimDirectory, homeOf, type Shell, shells, shortPath, startupFiles } from "./places.ts";
import { installedScript, isOurShim, madeDirectories } from "./script.ts";
import { snippet } from "./snippet.ts";
import { type InstallVerdict, locateShell, verifyShell } from "./verify.ts";

interface Change {
  readonly path: string;
  readonly text: string;
  readonly changed: boolean;
}

export async function installShim({ io, input }: CommandContext): Promise<number> {
  const directory = resolve(io.cwd, input.text("dir") ?? defaultShimDirectory(io.env));
  const shim = join(directory, "gh");
  if (existsSync(shim) && !isOurShim(shim))
    throw new OctopoolError("usage", `${shim} exists and is not Octopool's.`, {
      hint: "Choose another directory with --dir, or move that file away.",
    });
  const curl = await findCurl(io.env);
  if (curl !== "missing" && curl.tooOld)
    throw new OctopoolError(
      "environment_invalid",
      `curl ${curl.version} is too old for the shim: ${oldestCurl} is needed.`,
      {
        hint: 'Update curl, or use a link: ln -s "$(command -v octopool)" ~/bin/gh',
      },
    );
  const realGh = realGhIfAny(io);
  const wanted = await wantedShells(input.text("shell"), io);
  const directories = madeDirectories(shim) ?? missingDirectories(shim);
  const script = installedScript(
    {
      client: selfCommand(),
      gh: realGh ?? "",
      ghIsScript: realGh !== undefined && isScript(realGh),
      version,
      uid: process.getuid?.() ?? 0,
      platform: process.platform,
    },
    directories,
  );
  const plans = wanted.map(({ shell, program }) => ({ shell, program, changes: planFor(shell, directory, io) }));
  if (input.flag("dry-run")) return showPlan(io, shim, script, plans);

  writeShim(shim, script);
  const { style } = io.stdout;
  await io.stdout.write(
    `${style.good("✓")} ${shortPath(shim, homeOf(io.env))}${realGh === undefined ? "" : style.dim(`  real gh: ${realGh}`)}\n`,
  );
  if (realGh === undefined)
    await io.stderr.write(
      "There is no real gh yet: writes will fail until you install it from https://cli.github.com.\n",
    );
  if (curl === "missing")
    await io.stderr.write(
      "There is no curl: reads are answered all the same, some 20 ms slower, until you install it.\n",
    );
  if (selfCommand().some((part) => part.includes("/_npx/")))
    await io.stderr.write(
      "This octopool runs from npx's cache, which may be emptied; then gh is the real gh again. " +
        "`npm install -g octopool`, and run this again from there.\n",
    );
  const failures = [];
  for (const { shell, program, changes } of plans)
    failures.push(...(await applyTo(io, shell, program, changes, shim, directory)));
  if (plans.length === 0)
    await io.stderr.write(`No shell to set up was found; put ${directory} first on PATH yourself.\n`);
  await io.stdout.write(nextSteps(io, directory));
  return failures.length === 0 ? 0 : 1;
}

/** The next steps: this terminal does not know the shim yet, and completion is a step of its own. */
function nextSteps({ env }: Io, directory: string): string {
  const first = (env.PATH ?? "").startsWith(`${directory}:`);
  const here = first ? "" : `Open a new terminal, or for this one:  export PATH="${directory}:$PATH"\n`;
  return `\n${here}To complete octopool's own commands with Tab: octopool completion --help\n`;
}

async function wantedShells(choice: string | undefined, io: Io) {
  const named = choice === undefined || choice === "all" ? shells : shells.filter((shell) => shell === choice);
  const located = await Promise.all(named.map(async (shell) => ({ shell, program: await locateShell(shell, io.env) })));
  const missing = located.find(({ program }) => program === undefined);
  if (choice !== undefined && choice !== "all" && missing !== undefined)
    throw new OctopoolError("usage", `${missing.shell} is not installed.`, { hint: "Name another shell, or all." });
  return located.flatMap(({ shell, program }) => (program === undefined ? [] : [{ shell, program }]));
}

/** @throws OctopoolError `usage`: the user chose the directory, so this is no defect of Octopool. */
function writeShim(shim: string, script: string): void {
  try {
    replaceText(shim, script, 0o755);
  } catch (error) {
    throw new OctopoolError("usage", `${shim} cannot be written: ${problemOf(error)}.`, {
      hint: "Choose a directory that you can write: octopool install-shim --dir DIRECTORY",
      cause: error,
    });
  }
}

function planFor(shell: Shell, directory: string, io: Io): readonly Change[] {
  const lines = snippet(shell, directory, homeOf(io.env));
  return startupFiles(shell, io.env).map(({ path, placements }) => {
    const old = readText(path);
    const created = old === undefined ? { directories: missingDirectories(path) } : undefined;
    const made = withBlocks(old ?? "", lines, created === undefined ? placements : ["end"], created);
    const text = keepOrigin(old, made, lines);
    return { path, text, changed: old !== text };
  });
}

/** A second run on a file that the first one made must not forget that it made it. */
function keepOrigin(old: string | undefined, text: string, lines: readonly string[]): string {
  const created = old === undefined ? undefined : withoutBlocks(old).created;
  return created === undefined ? text : withBlocks("", lines, ["end"], created);
}

async function applyTo(
  io: Io,
  shell: Shell,
  program: string,
  changes: readonly Change[],
  shim: string,
  directory: string,
): Promise<readonly string[]> {
  const { style } = io.stdout;
  const home = homeOf(io.env);
  const show = (path: string) => shortPath(path, home);
  try {
    for (const change of changes) if (change.changed) replaceText(change.path, change.text);
  } catch (error) {
    const paths = changes.map((change) => show(change.path)).join(" ");
    await io.stdout.write(`${style.bad("✗")} ${shell}: ${paths} cannot be changed: ${problemOf(error)}\n`);
    await io.stdout.write(
      `  Add this to its start-up file yourself:\n${snippet(shell, directory, home)
        .map((line) => `    ${line}\n`)
        .join("")}`,
    );
    return [shell];
  }
  const verdicts = await withProgress(io, `Starting ${shell}`, () => verifyShell(shell, program, shim, io.env));
  const failed = verdicts.filter((verdict) => !verdict.first);
  await io.stdout.write(
    `${failed.length === 0 ? style.good("✓") : style.bad("✗")} ${shell.padEnd(5)} ${verdicts.map((verdict) => verdictText(verdict, style.good, style.bad)).join("  ")}` +
      `  ${style.dim(changes.map((change) => show(change.path)).join(" "))}\n`,
  );
  for (const verdict of failed) await io.stdout.write(`  ${verdict.kind}: ${explain(verdict)}\n`);
  return failed.length === 0 ? [] : [shell];
}

function verdictText(
  { kind, first }: InstallVerdict,
  good: (text: string) => string,
  bad: (text: string) => string,
): string {
  return `${kind} ${first ? good("✓") : bad("✗")}`;
}

function explain({ found }: InstallVerdict): string {
  if (found === "") return "gh was not found at all; a start-up file may fail or set PATH anew.";
  if (!found.startsWith("/")) return `gh is an alias or a function there (${found}); remove it.`;
  return `${found} comes first; something that is read later puts its directory before ours.`;
}

async function showPlan(
  io: Io,
  shim: string,
  script: string,
  plans: readonly { readonly shell: Shell; readonly changes: readonly Change[] }[],
): Promise<number> {
  const rows = plans.flatMap(({ shell, changes }) =>
    changes.map(({ path, changed }) => [
      `  ${shell}`,
      changed ? "would change" : "is set up already",
      shortPath(path, homeOf(io.env)),
    ]),
  );
  const written = readText(shim) === script ? "is up to date already" : "would be written";
  await io.stdout.write(
    `${shortPath(shim, homeOf(io.env))} ${written}\n${alignRows(rows)
      .map((row) => `${row}\n`)
      .join("")}`,
  );
  return 0;
}
