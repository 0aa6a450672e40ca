/**
 * The protocol of client and daemon over the unix socket. The thin client loads this file, so it
 * imports nothing.
 *
 * A call is `POST /gh` with an `application/x-www-form-urlencoded` body, because curl can write one from any argument
 * bytes (`--data-urlencode arg=…`): `version` (the protocol's), `client` (the client's release), `cwd`, `tty` (a subset
 * of the digits 0, 1, 2: which standard streams are terminals), `columns`, `arg` once an argument, `stdin` (the content
 * of standard input, for a GraphQL request that names it), and `env.NAME` for each variable of {@link sentEnvironment}
 * and {@link wayEnvironment} that is set; of {@link sentPresence} and {@link gitEnvironment} only that it is set;
 * `mounts` and `net`, by which the daemon checks whether both see the same files ({@link mountsOf}) and the same
 * network ({@link networkFile}).
 *
 * Two answers exist. With `accept: application/vnd.octopool.frames` the answer is a stream of frames: one byte type,
 * four bytes big-endian length, payload. Without it, 200 means that the body is the whole stdout of a command that
 * ended with exit code 0 and printed nothing on stderr; {@link nativeStatus} means that the real gh must run; every
 * other outcome is an HTTP error without output, on which the caller runs the full client.
 */

/** Changes whenever an older peer could misread a newer one. */
export const protocolVersion = 1;

export const callPath = "/gh";
export const readPrefix = "/github";
export const statusPath = "/status";
export const shutdownPath = "/shutdown";
export const writtenPath = "/written";
export const comparisonPath = "/proof";
/** The daemon's own answer of a command, for a comparison by hand. */
export const comparePath = "/prove";
/** How a command would be answered, without running it; the body is that of a call. */
export const explainPath = "/explain";
export const changedPath = "/changed";
/** Commands that ran the real gh, and why. */
export const nativesRoute = "/natives";

/** Of a call's body. */
export const formMediaType = "application/x-www-form-urlencoded";
export const framesMediaType = "application/vnd.octopool.frames";

/**
 * Frame types. `exit` ends a finished call (payload: the code in decimal); `native` hands it over (payload: why, and on
 * a second line, where there is one, a notice to print once the real gh has ended); `beat` is empty and means that work
 * is still in progress, for a client that sent `beats=1`; `compare` goes before `native`: the client sends gh's output
 * under this name (`POST /proof`); so does `via`, to a client that sent `via=1`: gh runs with the settings in this
 * directory, and sends its requests to the daemon.
 */
export const frame = { stdout: 1, stderr: 2, exit: 3, native: 4, beat: 5, compare: 6, via: 7 } as const;
export type FrameType = (typeof frame)[keyof typeof frame];

/** Bytes before a frame's payload: its type and its length. */
export const frameHeaderBytes = 5;

/** Answer header of a daemon that will beat, see {@link frame}. */
export const beatsHeader = "x-octopool-beats";
/** How long a call runs before its first beat, and between two, in milliseconds. */
export const beatEveryMs = 1_000;
/** A daemon that sends nothing for this long hangs, in milliseconds. */
export const silenceMs = 10_000;
/** A plain answer that takes longer, in milliseconds, asks for frames instead: those can beat. */
export const plainPatienceMs = 5_000;

/** The reason why the daemon hands over a command that begins with a user's alias: it may stand for a write. */
export const aliasReason = "an alias of yours begins this command";

/** File in the runtime directory that shows other clients that the daemon failed a moment ago. */
export const avoidName = "avoid";

/** The real gh must run this command, and there is no notice to print. */
export const nativeStatus = 421;

/** The outcome needs more than stdout (an exit code, stderr, a notice, output over time): ask again for frames. */
export const framesNeededStatus = 406;

/** The client is newer than the daemon, or has another protocol: the daemon should be replaced. */
export const upgradeStatus = 426;

/**
 * The daemon sees other files, or another network, than the client (a container, a sandbox): the client answers itself.
 */
export const otherMountsStatus = 409;

/** The daemon is leaving and takes no new calls. */
export const leavingStatus = 503;

/** Header of a plain {@link nativeStatus} answer with the directory of a `via` frame; `;` ends it. */
export const viaHeader = "x-octopool-via";
/**
 * Directory, inside the runtime directory, where a process leaves its id before it becomes a gh that asks the daemon.
 */
export const leasesDirectory = "leases";
/** File in every copy of gh's settings, with the path of the original: a copy is never copied again. */
export const overlayMark = "octopool";

/** Directory, inside the runtime directory, of the marks that native writes leave (freshness). */
export const marksDirectory = "written";
/**
 * Begins the part of a mark that names the tags that may change, separated by commas; without it, everything may. A
 * daemon that does not know it reads it as an unknown place, and so as every place.
 */
export const tagsPrefix = "tags:";
/**
 * Name of a mark: the process that writes, and which mounts it sees. A process id means something only where those are
 * the daemon's own; two containers that share the directory often have the same ids.
 */
export const markName = (pid: number, mounts: string): string => `${pid}-${mounts}`;
/** Instead of the mounts, where process ids are not those that `/proc` shows. */
export const otherProcesses = "other";
/** A place in a mark that stands for every place. */
export const everythingMark = "*";

/**
 * Header with the GitHub token that the caller's gh would take from its environment. It crosses a socket that only this
 * user can reach, in a header of its own: never in a form, an argument or a log.
 */
export const githubTokenHeader = "x-octopool-github-token";
/** The same for a GitHub Enterprise Server, whose token is another. */
export const serverTokenHeader = "x-octopool-github-enterprise-token";

/** Variables that change an answer: sent with each call. The settings' environment table is the authority. */
export const sentEnvironment = [
  "OCTOPOOL_URL",
  "OCTOPOOL_POOL",
  "OCTOPOOL_CLIENT",
  "OCTOPOOL_ALLOW_INSECURE_LOGIN",
  "OCTOPOOL_FRESH",
  "OCTOPOOL_NO_PROOF",
  "OCTOPOOL_QUIET_CACHE",
  "OCTOPOOL_VERBOSE",
  "OCTOPOOL_NO_FALLBACK",
  "OCTOPOOL_NO_VIA",
  "OCTOPOOL_NATIVE_REPOSITORIES",
  "OCTOPOOL_RELAY_RETRIES",
  "XDG_CONFIG_HOME",
  "HOME",
  "PATH",
  "OCTOPOOL_GH_PATH",
  "GH_HOST",
  "GH_REPO",
  "GH_CONFIG_DIR",
  "GH_FORCE_TTY",
  "GH_DEBUG",
  "DEBUG",
  "GH_PAGER",
  "PAGER",
  "GH_MDWIDTH",
  "GLAMOUR_STYLE",
  "GH_COLOR_LABELS",
  "GH_ACCESSIBLE_COLORS",
  "GH_TELEMETRY",
  "NO_COLOR",
  "CLICOLOR",
  "CLICOLOR_FORCE",
  "TERM",
  "COLORTERM",
  "TZ",
  "GIT_DIR",
  "GIT_WORK_TREE",
] as const;

/**
 * Of these only `set` is sent. Secrets: with them gh uses another account, and the daemon does not need their values.
 * Also the variables with which gh reaches GitHub by another way than the daemon, or trusts other certificates.
 */
export const sentPresence = [
  "GH_TOKEN",
  "GITHUB_TOKEN",
  "GH_ENTERPRISE_TOKEN",
  "GITHUB_ENTERPRISE_TOKEN",
  "CODESPACES",
  "ALL_PROXY",
  "all_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
] as const;

/**
 * The caller's way to the relay: proxies, and certificates to trust as well. They are sent with their values, by the sh
 * script only where these hold no credential, and count for the requests of this call alone.
 */
export const wayEnvironment = [
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "https_proxy",
  "http_proxy",
  "no_proxy",
  "NODE_EXTRA_CA_CERTS",
  "NODE_USE_SYSTEM_CA",
] as const;

/**
 * git's variables that can change the repository or branch, and the one by which it trusts a directory of another user.
 * Their values may hold credentials and are many, so only `set` is sent: the real gh then runs a command that needs
 * git. An empty value counts too, since git distinguishes it from none.
 */
export const gitEnvironment = [
  "GIT_CONFIG",
  "GIT_CONFIG_COUNT",
  "GIT_CONFIG_PARAMETERS",
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_SYSTEM",
  "GIT_CONFIG_NOSYSTEM",
  "GIT_COMMON_DIR",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_CEILING_DIRECTORIES",
  "GIT_DISCOVERY_ACROSS_FILESYSTEM",
  "GIT_NAMESPACE",
  "GIT_EXEC_PATH",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_INTERNAL_SUPER_PREFIX",
  "GIT_REFERENCE_BACKEND",
  "GIT_REF_PARANOIA",
  "GIT_ALLOC_LIMIT",
  "GIT_MMAP_LIMIT",
  "GIT_TEST_ASSUME_DIFFERENT_OWNER",
  "SUDO_UID",
] as const;

/** git's own places: sent with their values, empty ones too, since git reports an empty one as an error. */
const gitPlaces: readonly string[] = ["GIT_DIR", "GIT_WORK_TREE"];

/** Names and values of the environment variables that a call sends. */
export function sentVariables(
  env: Readonly<Record<string, string | undefined>>,
): readonly (readonly [name: string, value: string])[] {
  const sent: (readonly [string, string])[] = [];
  for (const name of sentEnvironment) {
    const value = env[name];
    if (value || (value !== undefined && gitPlaces.includes(name))) sent.push([name, value]);
  }
  for (const name of wayEnvironment) {
    const value = env[name];
    if (value) sent.push([name, value]);
  }
  for (const name of sentPresence) if (env[name]) sent.push([name, "set"]);
  for (const name of gitEnvironment) if (env[name] !== undefined) sent.push([name, "set"]);
  return sent;
}

/** Names the network that a process sees. */
export const networkFile = "/proc/self/ns/net";
/** Link in the runtime directory to the network that the daemon sees; the shim's script compares the two. */
export const networkLink = "net";

/** A process's view of the system's mounts; the shim's script reads the same file. */
export const mountsFile = "/proc/self/mountinfo";

/**
 * The number of the first mount in {@link mountsFile}, which no other mount namespace of the system has, and a chroot
 * has not either; `unknown` where there is no such file.
 */
export function mountsOf(text: string | undefined): string {
  return /^\d+/.exec(text ?? "")?.[0] ?? "unknown";
}
