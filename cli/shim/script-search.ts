/** Part of the sh shim: finding the real gh, by the rule of shared/find-gh.ts, and becoming it. */
import { usualPlaces } from "../../shared/find-gh.ts";
import { deepestLoop, loopVariable } from "./loop.ts";

interface SearchPart {
  /** Program and first arguments of the full client, as words of sh. */
  readonly client: readonly string[];
  readonly scriptMark: string;
}

/**
 * `op_search` sets op_r to the real gh, or to an empty text, and op_k to `script` where it may call Octopool;
 * `op_native` becomes it. Only the gh of the installation is taken without being looked into, until it is newer than
 * the shim.
 */
export function searchPart({ client, scriptMark }: SearchPart): string {
  const own = client.map((file) => `[ "$1" -ef ${file} ]`).join(" || ");
  const repeated = `*" $1$op_l"`.repeat(deepestLoop);
  return `op_l='
'
op_ours() {
  op_k=program
  [ "$1" -ef "$0" ] && return 0
  if [ "$1" = "$op_gh" ] && ! [ "$1" -nt "$0" ]; then op_k=$op_gk; return 1; fi
  ${own} && return 0
  if [ -h "$1" ]; then case $(readlink -f "$1" 2>/dev/null) in */octopool*) return 0 ;; esac; fi
  op_e=0
  ( LC_ALL=C op_n=0
    IFS= read -r op_a || [ -n "$op_a" ] || exit 11
    case $op_a in '#!'*) ;; *) exit 11 ;; esac
    while :; do
      case $op_a in '${scriptMark}'*|*[Oo][Cc][Tt][Oo][Pp][Oo][Oo][Ll]*) exit 10 ;; esac
      op_n=$((op_n + \${#op_a} + 1)); [ "$op_n" -lt 8192 ] || exit 12
      IFS= read -r op_a || [ -n "$op_a" ] || exit 12
    done ) 2>/dev/null <"$1" || op_e=$?
  [ "$op_e" != 12 ] || op_k=script
  [ "$op_e" = 10 ]
}
op_leads_back() {
  case $op_l\${${loopVariable}-} in *"$op_l$$ $1$op_l"*|${repeated}*) return 0 ;; esac
  return 1
}
op_take() {
  [ -f "$1" ] && [ -x "$1" ] || return 1
  if op_ours "$1"; then op_i=1; return 1; fi
  if op_leads_back "$1"; then op_w=$1; return 1; fi
}
op_search() {
  op_r=; op_i=; op_w=; op_b=; op_p=\${PATH-}:
  if [ -n "\${OCTOPOOL_GH_PATH-}" ]; then
    case $OCTOPOOL_GH_PATH in /*) if op_take "$OCTOPOOL_GH_PATH"; then op_r=$OCTOPOOL_GH_PATH; return 0; fi ;; esac
    [ -z "$op_w" ] || return 0
    echo "octopool: OCTOPOOL_GH_PATH is $OCTOPOOL_GH_PATH, which is no program, or is Octopool itself." >&2
    echo 'Set it to the path of the real gh, or unset it.' >&2
    exit 1
  fi
  while [ -n "$op_p" ]; do
    op_c=\${op_p%%:*}/gh; op_p=\${op_p#*:}
    case $op_c in /*) ;; *) continue ;; esac
    op_take "$op_c" || continue
    if [ -n "$op_i" ]; then op_r=$op_c; return 0; fi
    [ -n "$op_b" ] || { op_b=$op_c; op_bk=$op_k; }
  done
  if [ -n "$op_b" ]; then op_r=$op_b; op_k=$op_bk; return 0; fi
  for op_c in "$op_gh" ${usualPlaces.join(" ")}; do
    if op_take "$op_c"; then op_r=$op_c; return 0; fi
  done
}
op_native() {
  [ -n "\${op_r-}" ] || op_search
  if [ -z "$op_r" ] && [ -n "$op_w" ]; then
    echo "octopool: $op_w is a script that leads back to Octopool, not the real gh." >&2
    echo 'Set OCTOPOOL_GH_PATH to the real gh.' >&2
    exit 127
  elif [ -z "$op_r" ]; then
    echo 'octopool: the real gh was not found; install it from https://cli.github.com' >&2
    exit 127
  fi
  if [ "$op_k" = script ]; then ${loopVariable}=\${${loopVariable}-}"$$ $op_r$op_l"; export ${loopVariable}; fi
  exec "$op_r" "$@"
  exit 126
}`;
}
