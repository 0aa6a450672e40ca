/**
 * The parts of gh's own settings that decide how gh reaches GitHub. gh's rule for its directory is GH_CONFIG_DIR, then
 * XDG_CONFIG_HOME, then ~/.config; `http_unix_socket` counts only at the top level of config.yml (go-gh's
 * `resolveOptions`), and the first of several wins.
 */
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { stampOf } from "../../shared/regular-file.ts";
import { ghConfigPath } from "../gh-config.ts";

export interface GhSettings {
  /** Changes whenever one of gh's files does. */
  readonly stamp: string;
  /** The unix socket that gh sends its requests to; empty for none. */
  readonly socket: string;
  /** The hosts that hosts.yml names; undefined where its form is not gh's. */
  readonly hosts: readonly string[] | undefined;
  /** False: the files have a setting about connections that is not understood here. */
  readonly understood: boolean;
}

/** By the file's path. */
const known = new Map<string, GhSettings>();
const mostKnown = 16;

/** Read anew whenever the files' stamp changes. */
export function readGhSettings(env: Readonly<Record<string, string | undefined>>): GhSettings {
  const config = ghConfigPath(env);
  const hosts = join(dirname(config), "hosts.yml");
  const stamp = `${config} ${stampOf(config)} ${stampOf(hosts)}`;
  const before = known.get(config);
  if (before?.stamp === stamp) return before;
  const settings = readFiles(config, hosts, stamp);
  known.delete(config);
  known.set(config, settings);
  if (known.size > mostKnown) known.delete(known.keys().next().value ?? "");
  return settings;
}

function readFiles(config: string, hosts: string, stamp: string): GhSettings {
  const texts = [textOf(config), textOf(hosts)] as const;
  if (texts[0] === undefined || texts[1] === undefined)
    return { stamp, socket: "", hosts: undefined, understood: false };
  const socket = /^http_unix_socket[ \t]*:[ \t]*(.*?)[ \t]*$/m.exec(texts[0])?.[1] ?? "";
  // `api_host` sends a host's requests elsewhere; a quoted or commented value needs a YAML parser.
  const understood = !/^\s+api_host\s*:/m.test(texts[1]) && !/["'#&*!|>{[]/.test(socket);
  return { stamp, socket, hosts: hostsOf(texts[1]), understood };
}

function hostsOf(text: string): readonly string[] | undefined {
  const lines = text.split(/\r?\n/).filter((line) => /^[^\s#]/.test(line) && line !== "{}");
  const names = lines.map((line) => /^([A-Za-z0-9.-]+):[ \t]*$/.exec(line)?.[1]?.toLowerCase());
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** Empty for a file that is not there; undefined for one that cannot be read, or is not a plain file. */
function textOf(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    return readFileSync(path, "utf8");
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT" ? "" : undefined;
  }
}
