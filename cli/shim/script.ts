import { ghCommands, leftToGh } from "../../shared/gh-commands.ts";
import {
  avoidName,
  everythingMark,
  gitEnvironment,
  leasesDirectory,
  marksDirectory,
  nativeStatus,
  networkFile,
  networkLink,
  overlayMark,
  protocolVersion,
  sentEnvironment,
  sentPresence,
  silenceMs,
  viaHeader,
  wayEnvironment,
} from "../../shared/protocol.ts";
import { builtInCommands, quietCommands, quietSubcommands, readCommands } from "./decide.ts";
import { quote } from "./quote.ts";
import { marksPart, placesPart } from "./script-marks.ts";
import { searchPart } from "./script-search.ts";
import { readExtensionsName } from "./surroundings-of-decision.ts";

interface ShimScript {
  /** Program and first arguments of the full client: Node and the bundle, or one file. */
  readonly client: readonly [string, ...string[]];
  /** Path of the real gh when the script was made; empty when there was none. */
  readonly gh: string;
  /** Whether that gh is itself a script, which may run a `gh` again. */
  readonly ghIsScript?: boolean;
  readonly version: string;
  /** The user it was made for; the full client serves others. */
  readonly uid: number;
  /** As `process.platform` names it. */
  readonly platform: string;
}

/** The line by which the script is recognised. */
export const scriptMark = "# octopool shim";

/** Variables that decide in the full client only. */
const needFullClient = ["OCTOPOOL_NO_DAEMON", "OCTOPOOL_TOKEN", "OCTOPOOL_VERBOSE", "GH_FORCE_TTY"];

/** Second words for which only the table of gh's commands decides, with the first and the third. */
const needTable = [
  ...new Set(
    ghCommands()
      .filter(({ kind, path }) => path.length > 2 || (kind === "quiet" && path.length === 2))
      .map(({ path }) => path[1] ?? "")
      .concat("develop")
      .filter((word) => !quietSubcommands.includes(word)),
  ),
];

/** Variables that Node reads before and beside our program; they are meant for other programs. */
export const nodeVariables = [
  "NODE_OPTIONS",
  "NODE_DEBUG",
  "NODE_DEBUG_NATIVE",
  "NODE_COMPILE_CACHE",
  "NODE_CHANNEL_FD",
  "NODE_CHANNEL_SERIALIZATION_MODE",
  "NODE_PATH",
  "NODE_ICU_DATA",
  "NODE_PENDING_DEPRECATION",
  "NODE_REDIRECT_WARNINGS",
  "NODE_TEST_CONTEXT",
  "NODE_TLS_REJECT_UNAUTHORIZED",
  "NODE_UNIQUE_ID",
  "NODE_V8_COVERAGE",
  "NODE_REPL_EXTERNAL_MODULE",
] as const;

/** Functions that bash takes from the environment and that would replace the script's commands. */
const usedWords = "[ command curl echo kill printf read readlink test true".split(" ");

/** The text of the script. */
export function shimScript(options: ShimScript): string {
  const { gh, ghIsScript = false, version, uid, platform } = options;
  const client = options.client.map(quote);
  return [
    `#!/bin/sh
${scriptMark} ${version}: reads by curl from the daemon, the rest by the real gh. Made by \`octopool install-shim\`.
# Names begin with op_ so that no exported variable of yours is changed for gh.
op_gh=${quote(gh)}
op_gk=${ghIsScript ? "script" : "program"}`,
    ownWords(),
    fullClientPart({ client, uid: String(uid), temporary: platform === "darwin" ? "$" + "{TMPDIR:-/tmp}" : "/tmp" }),
    askPart(options),
    tail(),
    "",
  ].join("\n");
}

/** The full client's caller needs these: places, the search for the real gh, marks, and `op_full` itself. */
export function fullClientPart(options: {
  /** Program and first arguments of the full client, as words of sh. */
  readonly client: readonly string[];
  /** Of the user, as it stands in a word of sh. */
  readonly uid: string;
  /** The parent of the default runtime directory, as a word of sh. */
  readonly temporary: string;
}): string {
  return [placesPart(options), searchPart({ ...options, scriptMark }), clientPart(options), marksPart()].join("\n");
}

/** Exported functions of bash's must not replace the script's commands. */
export function ownWords(): string {
  return `case \${BASH_VERSINFO-}-$- in
  [0-9]*-*p*) ;;
  [0-9]*) for op_a in ${usedWords.map(quote).join(" ")}; do
      if export -f "$op_a" 2>/dev/null; then exec "$BASH" -p "$0" "$@"; fi
    done ;;
esac`;
}

/**
 * `op_full` asks the full client and follows its answer; `op_after` becomes it, to print a message once gh has ended.
 */
function clientPart({ client }: { readonly client: readonly string[] }): string {
  const command = client.join(" ");
  return `op_full() {
  [ -n "$op_r" ] || op_search
  op_n=0; op_t=
  if [ -r ${client.at(-1)} ] && [ -x ${client[0]} ] && { :; } 2>/dev/null 4>&1; then
    { op_t=$(op_client "$@" 3>&1 >&4 4>&-) || op_n=$?; } 4>&1
  fi
  case $op_t in
    printed*) [ "$op_n" != 141 ] || kill -PIPE $$
      exit "$op_n" ;;
    native) op_native "$@" ;;
    "via "*) op_via "\${op_t#via }"
      op_native "$@" ;;
    "after "*) op_after "$@" ;;
  esac
  case $op_n in 129|130|131|143) exit "$op_n" ;; esac
  [ "$op_v" = read ] || op_mark '${everythingMark}'
  op_native "$@"
}
op_via() {
  [ -f "$1/${overlayMark}" ] && [ -O "$1" ] && [ -d "$op_d/${leasesDirectory}" ] || return 0
  { : >|"$op_d/${leasesDirectory}/$$"; } 2>/dev/null || return 0
  GH_CONFIG_DIR=$1; export GH_CONFIG_DIR
}
op_client() {
  unset ${nodeVariables.join(" ")} 2>/dev/null || :
  exec ${command} gh-for "$$" "$op_r" "$@"
}
op_after() {
  for op_a in ${nodeVariables.join(" ")}; do
    eval "if [ -n \\"\\\${$op_a+x}\\" ]; then OCTOPOOL_KEPT_$op_a=\\$$op_a; export OCTOPOOL_KEPT_$op_a; unset $op_a; fi"
  done
  exec ${command} gh-after "$op_r" "\${op_t#after }" "$@"
}`;
}

/** `op_ask` is curl's question; its answer's head goes to descriptor 3. */
function askPart({ version }: ShimScript): string {
  return `op_ask() {
  op_n=$#
  for op_a do set -- "$@" --data-urlencode "arg=$op_a"; done
  shift "$op_n"
  for op_n in ${[...sentEnvironment, ...wayEnvironment].join(" ")}; do
    eval "op_a=\\\${$op_n-}"; [ -z "$op_a" ] || set -- "$@" --data-urlencode "env.$op_n=$op_a"
  done
  for op_n in ${sentPresence.join(" ")}; do
    eval "op_a=\\\${$op_n-}"; [ -z "$op_a" ] || set -- "$@" -d "env.$op_n=set"
  done
  exec curl -qsf --noproxy '*' --unix-socket "$op_s" -H Expect: -D /dev/fd/3 -y ${silenceMs / 1000} -Y 1 \\
    --data-urlencode "cwd=\${PWD-}" -d "version=${protocolVersion}&client=${version}&tty=$op_t&mounts=$op_o&via=1" "$@" http://octopool/gh
}`;
}

/** Classifies the command by the tables of decide.ts; then marks a write, or asks the daemon with curl for a read. */
function tail(): string {
  const answered = Object.entries(readCommands).flatMap(([word, seconds]) =>
    seconds.map((second) => `${word} ${second}`),
  );
  const reads = [...answered, ...leftToGh()].map((words) => `"${words}"`);
  const quiet = quietCommands.map((word) => word || "''").filter((word) => !/^ext/.test(word));
  // Set and empty is not unset for git's variables; every other variable counts as unset where it is empty.
  const doubts = [
    ...needFullClient.map((name) => `\${${name}-}`),
    ...gitEnvironment.map((name) => `\${${name}+1}`),
  ].join("");
  const ways = wayEnvironment.map((name) => `\${${name}-}`).join("");
  return `op_v=write
case \${1-} in
  ${quiet.join("|")}|--version|--help|-h) op_v=quiet ;;
  -*|repo|ext*) op_v=full ;;
  ${builtInCommands()
    .filter((word) => !quietCommands.includes(word) && word !== "repo")
    .join("|")})
    case \${2-} in ${quietSubcommands.join("|")}) op_v=quiet ;; -*|transfer|${needTable.join("|")}) op_v=full ;; esac ;;
  *) [ -z "\${${readExtensionsName}-}" ] || op_v=full ;;
esac
case "\${1-} \${2-}" in
  ${reads.join("|")}) op_v=read ;;
  "api "*) op_v=read
    for op_a do case $op_a in
      graphql|*/graphql) op_v=full ;;
      -H*|-q*|-t*|-p*|-i|--header|--header=*|--jq|--jq=*|--template|--template=*|--preview|--preview=*) ;;
      --include|--paginate|--slurp|--silent|--cache|--cache=*|--hostname|--hostname=*) ;;
      -*) op_v=full ;;
    esac; done ;;
esac
[ -z "\${OCTOPOOL_VERBOSE-}" ] && [ "$op_v" != full ] || op_full "$@"
[ "$op_v" != quiet ] || op_native "$@"
if [ "$op_v" = write ]; then
  [ -O "$op_d" ] && [ -d "$op_d/${marksDirectory}" ] && { [ -z "$op_m" ] || [ -d "$op_m" ]; } || op_full "$@"
  op_mark_places "$@"
  op_native "$@"
fi
op_s=$op_d/daemon.sock
[ -z "${doubts}" ] && ! [ -t 1 ] && [ -S "$op_s" ] && [ -O "$op_s" ] && [ -O "$op_d" ] && [ \${#op_s} -le 100 ] &&
  ! [ -e "$op_d/${avoidName}" ] && { :; } 2>/dev/null 4>&1 || op_full "$@"
# Arguments of curl can be seen by others: a proxy with a password is for the full client.
case "${ways}" in *@*) op_full "$@" ;; esac
[ -n "\${GIT_DIR-1}" ] && [ -n "\${GIT_WORK_TREE-1}" ] || op_full "$@"
! [ -e ${networkFile} ] || [ ${networkFile} -ef "$op_d/${networkLink}" ] || op_full "$@"
op_mounts
op_t=; ! [ -t 0 ] || op_t=0; ! [ -t 2 ] || op_t=\${op_t}2
op_n=0; op_h=
{ op_h=$(op_ask "$@" 3>&1 >&4 4>&- 2>/dev/null) || op_n=$?; } 4>&1
case "$op_n $op_h" in
  "0 HTTP/"*" 200"*) exit 0 ;;
  "22 HTTP/"*" ${nativeStatus}"*${viaHeader}:*) op_a=\${op_h#*${viaHeader}: }; op_via "\${op_a%%;*}"
    op_native "$@" ;;
  "22 HTTP/"*" ${nativeStatus}"*) op_native "$@" ;;
  129\\ *|130\\ *|131\\ *|143\\ *) exit "$op_n" ;;
  "23 HTTP/"*" 200"*) [ -p /dev/stdout ] && kill -PIPE $$
    echo 'octopool: the output could not be written' >&2
    exit 1 ;;
  *" HTTP/"*" 200"*) echo 'octopool: the daemon ended in the middle of its answer; run the command again' >&2
    exit 1 ;;
  "28 "*) : 2>/dev/null >|"$op_d/${avoidName}" || : ;;
esac
op_full "$@"`;
}
