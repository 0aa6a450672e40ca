/** The user's own gh aliases: a command that begins with one is theirs, whatever we know under that name. */
import { type BigIntStats, statSync } from "node:fs";
import { join } from "node:path";
import { readRegular } from "../shared/regular-file.ts";

interface Known {
  readonly stamp: string;
  /** Undefined when the file has aliases in a form that is not read here. */
  readonly names: readonly string[] | undefined;
}

const known = new Map<string, Known>();

/** gh's own rule for its directory (GH_CONFIG_DIR, XDG_CONFIG_HOME, ~/.config). */
export function ghConfigPath(env: Readonly<Record<string, string | undefined>>): string {
  if (env.GH_CONFIG_DIR) return join(env.GH_CONFIG_DIR, "config.yml");
  return join(env.XDG_CONFIG_HOME || join(env.HOME ?? "/", ".config"), "gh", "config.yml");
}

/** Whether an alias begins this command, or may: then the real gh knows best. */
export function isAliased(args: readonly string[], env: Readonly<Record<string, string | undefined>>): boolean {
  const names = aliasNames(ghConfigPath(env));
  if (names === undefined) return true;
  if (names.length === 0) return false;
  const words = args.join(" ");
  return names.some((name) => words === name || words.startsWith(`${name} `));
}

function aliasNames(path: string): readonly string[] | undefined {
  const stat = lookAt(path);
  if (stat === "absent") return [];
  if (stat === "forbidden") return undefined;
  const stamp = `${stat.ino}:${stat.mtimeNs}:${stat.size}`;
  const before = known.get(path);
  if (before?.stamp === stamp) return before.names;
  const names = readNames(path);
  known.set(path, { stamp, names });
  return names;
}

/** gh takes a missing file for no aliases, and stops at one that it may not look at. */
function lookAt(path: string): BigIntStats | "absent" | "forbidden" {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT" ? "absent" : "forbidden";
  }
}

function readNames(path: string): readonly string[] | undefined {
  try {
    return parseAliases(readRegular(path));
  } catch {
    return undefined;
  }
}

/** The keys of the `aliases:` mapping, as gh writes it: one a line, indented. */
export function parseAliases(text: string): readonly string[] | undefined {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => /^aliases\s*:/.test(line));
  if (start === -1) return [];
  const inline = (lines[start] ?? "")
    .replace(/^aliases\s*:/, "")
    .replace(/\s+#.*$/, "")
    .trim();
  if (inline === "{}" || inline === "null" || inline === "~") return [];
  if (inline !== "") return undefined;
  const names: string[] = [];
  let indent: number | undefined;
  for (const line of lines.slice(start + 1)) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const depth = line.search(/\S/);
    if (depth === 0) break;
    indent ??= depth;
    if (depth > indent) continue;
    const key = /^\s*(?:"((?:[^"\\])*)"|'([^']*)'|([^\s:"'#][^:"'#]*?))\s*:(?:\s|$)/.exec(line);
    if (key === null) return undefined;
    names.push(key[1] ?? key[2] ?? key[3] ?? "");
  }
  return names;
}
