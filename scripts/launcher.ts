/**
 * The package's `octopool`: a POSIX sh script that starts Node without the variables that Node reads itself. A debugger's
 * NODE_OPTIONS, meant for another program, would otherwise end Node before our first line, and the command with it. For
 * `gh` Node is the script's child, as it is the installed shim's: where the caller's limits do not let Node start, or
 * end it before anything is printed, the real gh runs.
 */
import { fullClientPart, nodeVariables, ownWords } from "../cli/shim/script.ts";

/** Text of the launcher, which lies beside the entry. */
export function launcher(entry: string): string {
  return `#!/bin/sh
# octopool: starts ${entry} beside this file. gh gets the variables of Node's back as they were.
${ownWords()}
op_s=$0
case $op_s in */*) ;; *) op_s=./$op_s ;; esac
while [ -h "$op_s" ]; do
  # PATH may hold little more than Node.
  op_t=$(readlink "$op_s" 2>/dev/null || NODE_OPTIONS= node -p 'fs.readlinkSync(process.argv[1])' "$op_s") || exit 127
  case $op_t in /*) op_s=$op_t ;; *) op_s=\${op_s%/*}/$op_t ;; esac
done
op_entry=\${op_s%/*}/${entry}
# A link that is named gh is gh.
[ "\${0##*/}" != gh ] || set -- gh "$@"
op_node=$(command -v node) || op_node=
if [ "\${1-}" = gh ]; then
  op_gh=; op_gk=program; op_v=write
  op_u=$(id -u 2>/dev/null) || op_u=none
  op_tmp=/tmp
  case $(uname 2>/dev/null) in Darwin) op_tmp=\${TMPDIR:-/tmp} ;; esac
${fullClientPart({ client: ['"$op_node"', '"$op_entry"'], uid: "$op_u", temporary: "$op_tmp" })}
  # Without a real gh, or with a wrong OCTOPOOL_GH_PATH, the full client has the better words.
  if [ -z "\${OCTOPOOL_GH_PATH-}" ] || { [ "\${OCTOPOOL_GH_PATH#/}" != "$OCTOPOOL_GH_PATH" ] && op_take "$OCTOPOOL_GH_PATH"; }; then
    op_search
    if [ -n "$op_r" ]; then shift; op_full "$@"; fi
  fi
fi
[ -n "$op_node" ] || {
  echo 'octopool: Node was not found on PATH; install it from https://nodejs.org, or the single-file octopool.' >&2
  exit 127
}
for op_a in ${nodeVariables.join(" ")}; do
  eval "if [ -n \\"\\\${$op_a+x}\\" ]; then OCTOPOOL_KEPT_$op_a=\\$$op_a; export OCTOPOOL_KEPT_$op_a; unset $op_a; fi"
done
exec node "$op_entry" "$@"
`;
}
