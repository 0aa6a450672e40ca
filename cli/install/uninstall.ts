/** `octopool uninstall-shim`: undoes every change, to the byte. */
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CommandContext } from "../command.ts";
import { type Removed, withoutBlocks } from "./block.ts";
import { problemOf, readText, removeDirectories, replaceText } from "./files.ts";
import { defaultShimDirectory, everyStartupFile, homeOf, shortPath } from "./places.ts";
import { isOurShim, madeDirectories } from "./script.ts";

export async function uninstallShim({ io, input }: CommandContext): Promise<number> {
  const home = homeOf(io.env);
  const directories = new Set([resolve(io.cwd, input.text("dir") ?? defaultShimDirectory(io.env))]);
  const { style } = io.stdout;
  let [changes, failures] = [0, 0];
  for (const path of everyStartupFile(io.env)) {
    const text = readText(path);
    if (text === undefined) continue;
    const removed = withoutBlocks(text);
    if (removed.text === text) continue;
    const shown = shortPath(path, home);
    for (const directory of directoriesIn(removed.lines, home)) directories.add(directory);
    try {
      undo(path, removed);
      changes += 1;
      await io.stdout.write(
        `${style.good("✓")} ${removed.created === undefined ? `Restored ${shown}` : `Removed ${shown} (Octopool had created it)`}\n`,
      );
    } catch (error) {
      failures += 1;
      await io.stdout.write(`${style.bad("✗")} ${shown} cannot be changed: ${problemOf(error)}\n`);
    }
  }
  for (const directory of directories) {
    const shim = join(directory, "gh");
    if (!isOurShim(shim)) continue;
    const made = madeDirectories(shim) ?? 0;
    rmSync(shim);
    removeDirectories(shim, made);
    changes += 1;
    await io.stdout.write(`${style.good("✓")} Removed ${shortPath(shim, home)}\n`);
  }
  if (changes + failures === 0) await io.stdout.write("There is no shim to remove.\n");
  return failures === 0 ? 0 : 1;
}

function undo(path: string, removed: Removed): void {
  if (removed.created === undefined) {
    replaceText(path, removed.text);
    return;
  }
  rmSync(path);
  removeDirectories(path, removed.created.directories);
}

/** The directories that the removed lines put on PATH. */
function directoriesIn(lines: readonly string[], home: string): readonly string[] {
  return lines.flatMap((line) => {
    const place = /(?:\[ -x |test -x )(.*?)\/gh(?: \]|;)/.exec(line)?.[1];
    return place === undefined ? [] : [unquoted(place).replace("$HOME", home)];
  });
}

function unquoted(text: string): string {
  return text.replaceAll("'\\''", "\u0000").replaceAll(/["']/g, "").replaceAll("\u0000", "'").replaceAll("\\", "");
}
