/** gh's own settings about commands and printing: only gh knows a command that begins with an alias. */
import { type BigIntStats, statSync } from "node:fs";
import { join } from "node:path";
import { readRegular } from "../shared/regular-file.ts";
import type { Invocation } from "./gh/engine.ts";

/** The settings of gh's config.yml. */
interface GhConfig {
  /** Of aliases; undefined when the file has them in a form that is not read here. */
  readonly names: readonly string[] | undefined;
  /** Settings under which gh prints otherwise. */
  readonly printing: ReadonlyMap<string, string>;
}

interface Known extends GhConfig {
  readonly stamp: string;
}

const nothing = { names: [], printing: new Map<string, string>() } as const;

const known = new Map<string, Known>();

/** gh's own rule for its directory (GH_CONFIG_DIR, XDG_CONFIG_HOME, ~/.config). */
export function ghConfigPath(env: Readonly<Record<string, string | undefined>>): string {
  if (env.GH_CONFIG_DIR) return join(env.GH_CONFIG_DIR, "config.yml");
  return join(env.XDG_CONFIG_HOME || join(env.HOME ?? "/", ".config"), "gh", "config.yml");
}

/** Whether an alias begins this command, or may: then the real gh runs it. */
export function isAliased(args: readonly string[], { names }: GhConfig): boolean {
  if (names === undefined) return true;
  if (names.length === 0) return false;
  const words = args.join(" ");
  return names.some((name) => words === name || words.startsWith(`${name} `));
}

/** The setting, if there is one, under which only gh knows its output. */
export function printingSetting(
  { printing }: GhConfig,
  { env, tty }: Pick<Invocation, "env" | "tty">,
): string | undefined {
  if (printing.get("telemetry") === "log") return "gh logs its telemetry";
  const terminal = tty.stdout || (env.GH_FORCE_TTY ?? "") !== "";
  const pager = printing.get("pager") ?? "";
  if (terminal && pager !== "" && pager !== "cat") return "a pager is set";
  const isColoured = ["color_labels", "accessible_colors"].some((name) => printing.get(name) === "enabled");
  const colours = terminal || (env.CLICOLOR_FORCE ?? "") !== "";
  return colours && isColoured ? "gh's own settings of colours" : undefined;
}

/** Of a caller with these variables; read anew when the file has changed. */
export function ghConfigOf(env: Readonly<Record<string, string | undefined>>): GhConfig {
  const path = ghConfigPath(env);
  const stat = lookAt(path);
  if (stat === "absent") return nothing;
  if (stat === "forbidden") return { ...nothing, names: undefined };
  const stamp = `${stat.ino}:${stat.mtimeNs}:${stat.size}`;
  const before = known.get(path);
  if (before?.stamp === stamp) return before;
  const config = { stamp, ...readConfig(path) };
  known.set(path, config);
  return config;
}

/** gh reads a missing file as no aliases, and stops at one that it may not read. */
function lookAt(path: string): BigIntStats | "absent" | "forbidden" {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT" ? "absent" : "forbidden";
  }
}

function readConfig(path: string): GhConfig {
  try {
    const text = readRegular(path);
    const pairs = text.matchAll(
      /^(pager|color_labels|accessible_colors|telemetry)[ \t]*:[ \t]*["']?(.*?)["']?[ \t]*\r?$/gm,
    );
    return {
      names: parseAliases(text),
      printing: new Map([...pairs].map(([, name = "", value = ""]) => [name, value])),
    };
  } catch {
    return { ...nothing, names: undefined };
  }
}

/** The keys of the `aliases:` mapping, as gh writes it: one a line, indented. */
function parseAliases(text: string): readonly string[] | undefined {
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
