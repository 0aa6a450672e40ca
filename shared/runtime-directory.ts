/**
 * The directory of the daemon's socket, lock, marks and log. The thin client loads this file, so it imports nothing.
 */

/** The input of the rule. */
export interface RuntimePlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As `process.platform` names it. */
  readonly platform: string;
  /** Numeric user id. */
  readonly uid: number;
}

export interface RuntimePaths {
  /** Private directory (0700) of lock, marks, notices and log. */
  readonly directory: string;
  /** In {@link directory}, unless its path would be longer than a socket address may be. */
  readonly socket: string;
}

const socketName = "daemon.sock";

/** Longest socket path in bytes: `sun_path` less its closing zero byte. */
export function longestSocketPath(platform: string): number {
  return platform === "linux" ? 107 : 103;
}

/**
 * `$OCTOPOOL_RUNTIME_DIR`, else `$XDG_RUNTIME_DIR/octopool`, else a directory of our own beside other temporary files.
 */
export function runtimePaths(place: RuntimePlace): RuntimePaths {
  const directory = runtimeDirectory(place);
  const socket = `${directory}/${socketName}`;
  if (byteLength(socket) <= longestSocketPath(place.platform)) return { directory, socket };
  return { directory, socket: `/tmp/octopool-${place.uid}/${hash(directory)}.sock` };
}

function runtimeDirectory({ env, platform, uid }: RuntimePlace): string {
  // A relative one would mean another daemon in every directory; the XDG rule is to ignore it.
  if (env.OCTOPOOL_RUNTIME_DIR?.startsWith("/")) return withoutSlash(env.OCTOPOOL_RUNTIME_DIR);
  if (env.XDG_RUNTIME_DIR?.startsWith("/")) return `${withoutSlash(env.XDG_RUNTIME_DIR)}/octopool`;
  // On Linux TMPDIR often differs from shell to shell, which would mean a daemon a shell; on macOS it is the user's
  // own.
  const temporary = platform === "darwin" && env.TMPDIR?.startsWith("/") ? withoutSlash(env.TMPDIR) : "/tmp";
  return `${temporary}/octopool-${uid}`;
}

/**
 * A second directory for the marks of writes, independent of the environment's runtime directory: through it a job of
 * cron, which has no XDG_RUNTIME_DIR, and a shell that has one see each other's marks. One for each home: two processes
 * with one home are the same person's. `undefined` without a home.
 */
export function sharedMarksDirectory({ env, uid }: Pick<RuntimePlace, "env" | "uid">): string | undefined {
  const home = env.HOME ?? "";
  if (!home.startsWith("/")) return undefined;
  return `/tmp/octopool-${uid}/written${withoutSlash(home).replace(/\//g, "%")}`;
}

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** FNV-1a, 64 bits: short names for long paths; node:crypto would cost the client milliseconds. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) {
    value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  }
  return value.toString(36);
}
