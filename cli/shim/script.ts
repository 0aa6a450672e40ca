/**
 * The installed `gh`: a POSIX sh script whose fast road is curl on the daemon's socket. Anything it is not sure of goes
 * to the full client, which is always right; so the script only ever has to be right about what it prints itself.
 */
import {
  gitEnvironment,
  marksDirectory,
  mountsFile,
  nativeStatus,
  protocolVersion,
  sentEnvironment,
  sentPresence,
} from "../../shared/protocol.ts";
import { quietCommands, quietSubcommands, readCommands } from "./decide.ts";

export interface ShimScript {
  /** Program and first arguments of the full client: Node and the bundle, or one file. */
  readonly client: readonly [string, ...string[]];
  /** Path of the real gh when the script was made; empty when there was none. */
  readonly gh: string;
  readonly version: string;
  /** Of whom it was made for; others are served by the full client. */
  readonly uid: number;
  /** As `process.platform` names it. */
  readonly platform: string;
}

/** A line by which everybody, we too, knows the script. */
export const scriptMark = "# octopool shim";

/** Variables that decide in the full client only. */
const needFullClient = ["OCTOPOOL_NO_DAEMON", "OCTOPOOL_TOKEN", "OCTOPOOL_VERBOSE", "OCTOPOOL_GH_PATH", "GH_FORCE_TTY"];

/** The text of the script. */
export function shimScript({ client, gh, version, uid, platform }: ShimScript): string {
  const temporary = platform === "darwin" ? "$" + "{TMPDIR:-/tmp}" : "/tmp";
  const reads = Object.entries(readCommands).flatMap(([word, seconds]) =>
    seconds.map((second) => `"${word} ${second}"`),
  );
  const quiet = [
    ...quietCommands.map((word) => (word === "" ? '" "' : `"${word} "*`)),
    ...quietSubcommands.map((word) => `*" ${word}"`),
  ];
  // Set and empty is not unset for git's variables; nothing else is a doubt where it is empty.
  const doubts = [
    ...needFullClient.map((name) => `\${${name}-}`),
    ...gitEnvironment.map((name) => `\${${name}+1}`),
  ].join("");
  return `#!/bin/sh
${scriptMark} ${version}: reads by curl from the daemon, the rest by the real gh. Made by \`octopool install-shim\`.
# Names begin with op_ so that no exported variable of yours is changed for gh.
op_gh=${quote(gh)}
op_full() {
  [ -r ${quote(client.at(-1) ?? "")} ] && [ -x ${quote(client[0])} ] && exec ${client.map(quote).join(" ")} gh "$@"
  op_native "$@"
}
op_native() {
  [ -z "\${OCTOPOOL_GH_PATH-}" ] || op_gh=$OCTOPOOL_GH_PATH
  [ -x "$op_gh" ] && exec "$op_gh" "$@"
  IFS=:
  for op_a in $PATH; do
    [ -x "$op_a/gh" ] && ! [ "$op_a/gh" -ef "$0" ] && ! grep -q '^${scriptMark}' "$op_a/gh" && exec "$op_a/gh" "$@"
  done
  echo 'octopool: the real gh was not found; install it from https://cli.github.com' >&2
  exit 127
}
op_ask() {
  op_n=$#
  for op_a do set -- "$@" --data-urlencode "arg=$op_a"; done
  shift "$op_n"
  for op_n in ${sentEnvironment.join(" ")}; do
    eval "op_a=\\\${$op_n-}"; [ -z "$op_a" ] || set -- "$@" --data-urlencode "env.$op_n=$op_a"
  done
  for op_n in ${sentPresence.join(" ")}; do
    eval "op_a=\\\${$op_n-}"; [ -z "$op_a" ] || set -- "$@" -d "env.$op_n=set"
  done
  exec curl -qsf --noproxy '*' --unix-socket "$op_s" -H Expect: -w '%{stderr}%{http_code} %{size_download}' \\
    --data-urlencode "cwd=$PWD" -d "version=${protocolVersion}&client=${version}&tty=$op_t&mounts=$op_m" "$@" http://octopool/gh
}
op_d=${temporary}/octopool-${uid}
case \${XDG_RUNTIME_DIR-} in /*) op_d=$XDG_RUNTIME_DIR/octopool ;; esac
case \${OCTOPOOL_RUNTIME_DIR-} in /*) op_d=$OCTOPOOL_RUNTIME_DIR ;; esac
case "\${1-} \${2-}" in
  ${reads.join("|")}) ;;
  "api "*)
    for op_a do case $op_a in
      graphql|*/graphql) op_full "$@" ;;
      -H*|-q*|-t*|-p*|-i|--header|--header=*|--jq|--jq=*|--template|--template=*|--preview|--preview=*) ;;
      --include|--paginate|--slurp|--silent|--cache|--cache=*|--hostname|--hostname=*) ;;
      -*) op_full "$@" ;;
    esac; done ;;
  -*|${quiet.join("|")})
    [ -x "$op_gh" ] && [ -z "\${OCTOPOOL_GH_PATH-}\${OCTOPOOL_VERBOSE-}" ] && exec "$op_gh" "$@"
    op_full "$@" ;;
  repo\\ *|*\\ transfer) op_full "$@" ;;
  *)
    [ -x "$op_gh" ] && [ -z "\${OCTOPOOL_GH_PATH-}\${OCTOPOOL_VERBOSE-}" ] && [ -O "$op_d" ] &&
      [ -d "$op_d/${marksDirectory}" ] || op_full "$@"
    op_p=
    { printf '%s\\0%s' "$PWD" "\${GH_REPO-}"
      for op_a do
        case "$op_p $op_a" in
          *\\ http*://*@*) ;;
          -R\\ *|--repo\\ *|*\\ http://*|*\\ https://*) printf '\\0%s' "$op_a" ;;
          *\\ --repo=*) printf '\\0%s' "\${op_a#--repo=}" ;;
          *\\ -R=*) printf '\\0%s' "\${op_a#-R=}" ;;
          *\\ -R?*) printf '\\0%s' "\${op_a#-R}" ;;
        esac
        op_p=$op_a
      done; } >"$op_d/${marksDirectory}/$$"
    exec "$op_gh" "$@" ;;
esac
op_s=$op_d/daemon.sock
[ -z "${doubts}" ] && ! [ -t 1 ] && [ -S "$op_s" ] && [ -O "$op_s" ] && [ -O "$op_d" ] && [ \${#op_s} -le 100 ] ||
  op_full "$@"
[ -n "\${GIT_DIR-1}" ] && [ -n "\${GIT_WORK_TREE-1}" ] || op_full "$@"
op_m=
! [ -r ${mountsFile} ] || read -r op_m op_a <${mountsFile}
op_m=\${op_m:-unknown}
op_t=; ! [ -t 0 ] || op_t=0; ! [ -t 2 ] || op_t=\${op_t}2
exec 3>&1
op_r=$(op_ask "$@" 2>&1 >&3 3>&-); op_n=$?
exec 3>&-
case "$op_n $op_r" in
  "0 "*) exit 0 ;;
  "22 ${nativeStatus} "*) [ -x "$op_gh" ] && exec "$op_gh" "$@" ;;
  "23 "*) [ -p /dev/stdout ] && kill -PIPE $$
    echo 'octopool: the output could not be written' >&2
    exit 1 ;;
  "22 "*|"2 "*|"126 "*|"127 "*|*" 0"|*" ") ;;
  *) echo 'octopool: the daemon ended in the middle of its answer; run the command again' >&2
    exit 1 ;;
esac
op_full "$@"
`;
}

/** One word of sh, whatever it holds. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
