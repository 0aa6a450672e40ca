/**
 * A private copy of gh's settings in which `http_unix_socket` names the daemon: gh run with it sends its requests
 * here. The caller's own files are not touched. gh reads the key at the top level of config.yml only, the first of
 * several wins, and without `version` it would migrate the files it finds, through the link into the real hosts.yml.
 */
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { overlayMark } from "../../shared/protocol.ts";
import { longestSocketPath } from "../../shared/runtime-directory.ts";
import { ghConfigPath } from "../gh-config.ts";
import { apiHostsOf, hostsNamed, isGitHubCom } from "../hosts.ts";
import { readGhSettings } from "../personal/gh-settings.ts";

interface OverlayOptions {
  /** Variables of the caller. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The command's words after `gh`. */
  readonly args: readonly string[];
  /** A directory of this daemon alone, 0700, in which copies are made. */
  readonly directory: string;
  /** The socket to name in the copy, by the one that the caller's own settings name (empty: the network). */
  readonly socketFor: (upstream: string) => Promise<string>;
  /** Whether this process is known to reach such a host over the network. */
  readonly isOpen: (apiHost: string) => boolean;
}

/** A copy of the settings, or why gh must run with its own. */
export type Overlay = { readonly directory: string } | { readonly refused: string };

/** Variables under which gh, or its child processes, would reach GitHub otherwise than this daemon does. */
const otherWays = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"] as const;

/** Makes a copy of the caller's settings, or finds the one made before. */
export async function overlayOf({ env, args, directory, socketFor, isOpen }: OverlayOptions): Promise<Overlay> {
  const way = otherWays.find((name) => env[name] || env[name.toLowerCase()]);
  if (way) return { refused: `${way} is set` };
  const config = ghConfigPath(env);
  const source = dirname(config);
  if (existsSync(join(source, overlayMark))) return { refused: "gh runs with a copy of its settings already" };
  const settings = readGhSettings(env);
  if (!settings.understood) return { refused: "gh's settings name a way to GitHub that is not understood" };
  if (settings.hosts === undefined) return { refused: "gh's hosts.yml is written in a way that is not understood" };
  const hosts = new Set(["github.com", ...settings.hosts, ...(env.GH_HOST ? [env.GH_HOST.toLowerCase()] : [])]);
  const strange = [...hostsNamed(args), ...hostsNamed([env.GH_REPO ?? ""])].find(
    (host) => !hosts.has(host) && !isGitHubCom(host),
  );
  if (strange !== undefined) return { refused: "a host that gh's settings do not name" };
  const text = textOf(config);
  if (text === undefined || !/^version[ \t]*:[ \t]*"?1"?[ \t]*$/m.test(text)) {
    return { refused: "gh's config.yml has no version that is known" };
  }
  // Each is checked, so that all are known soon.
  const open = [...hosts].flatMap(apiHostsOf).map(isOpen);
  if (settings.socket === "" && open.includes(false)) return { refused: "GitHub is not known to be reached from here" };
  if (settings.socket !== "" && !existsSync(settings.socket)) return { refused: "gh's own socket is not there" };
  const socket = await socketFor(settings.socket);
  if (Buffer.byteLength(socket) > longestSocketPath(process.platform))
    return { refused: "the socket's path is too long" };
  const name = createHash("sha256").update(`${source} ${settings.stamp} ${socket}`).digest("hex").slice(0, 16);
  const copy = join(directory, name);
  if (!existsSync(join(copy, overlayMark))) make({ copy, source, text: withSocket(text, socket) });
  return { directory: copy };
}

/** The text with every top-level `http_unix_socket` replaced where it stands, or with one at its end. */
function withSocket(text: string, socket: string): string {
  const line = `http_unix_socket: ${socket}`;
  const key = /^http_unix_socket[ \t]*:.*$/gm;
  if (key.test(text)) return text.replace(key, line);
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`;
}

/** Whole or not at all: another call may look for it at the same time. */
function make({ copy, source, text }: { copy: string; source: string; text: string }): void {
  const draft = `${copy}.${process.pid}.${process.hrtime.bigint()}`;
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  writeFileSync(join(draft, "config.yml"), text, { mode: 0o600 });
  const hosts = join(source, "hosts.yml");
  if (lstatSync(hosts, { throwIfNoEntry: false })) symlinkSync(hosts, join(draft, "hosts.yml"));
  writeFileSync(join(draft, overlayMark), `${source}\n`, { mode: 0o600 });
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Made by another call meanwhile.
    if (!existsSync(join(copy, overlayMark))) throw error;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
