/**
 * The package's `octopool`: a POSIX sh script that starts Node without the variables that Node reads itself. A debugger's
 * NODE_OPTIONS, meant for another program, would otherwise end Node before our first line, and the command with it.
 */
import { nodeVariables } from "../cli/shim/script.ts";

/** Text of the launcher, which lies beside the entry. */
export function launcher(entry: string): string {
  return `#!/bin/sh
# octopool: starts ${entry} beside this file. gh gets the variables of Node's back as they were.
for op_a in ${nodeVariables.join(" ")}; do
  eval "if [ -n \\"\\\${$op_a+x}\\" ]; then OCTOPOOL_KEPT_$op_a=\\$$op_a; export OCTOPOOL_KEPT_$op_a; unset $op_a; fi"
done
command -v node >/dev/null 2>&1 || {
  echo 'octopool: Node was not found on PATH; install it from https://nodejs.org, or the single-file octopool.' >&2
  exit 127
}
op_s=$0
case $op_s in */*) ;; *) op_s=./$op_s ;; esac
while [ -h "$op_s" ]; do
  # PATH may hold little more than Node.
  op_t=$(readlink "$op_s" 2>/dev/null || node -p 'fs.readlinkSync(process.argv[1])' "$op_s") || exit 127
  case $op_t in /*) op_s=$op_t ;; *) op_s=\${op_s%/*}/$op_t ;; esac
done
# A link that is named gh is gh.
[ "\${0##*/}" != gh ] || set -- gh "$@"
exec node "\${op_s%/*}/${entry}" "$@"
`;
}
