/** Parts of the sh shim: its directories, and the marks of writes, by the rules of mark-write.ts. */
import { tagsOfWrites } from "../../shared/events/own-writes.ts";
import {
  everythingMark,
  marksDirectory,
  mountsFile,
  otherProcesses,
  overlayMark,
  tagsPrefix,
} from "../../shared/protocol.ts";
import { gitVariables, repositoryCommands } from "./mark-write.ts";
import { quote } from "./quote.ts";

/** `op_d`, the runtime directory, and `op_m`, the second place of marks. */
export function placesPart({ uid, temporary }: { readonly uid: string; readonly temporary: string }): string {
  return `op_d=; op_m=; op_r=
if [ -n "\${GH_CONFIG_DIR-}" ] && [ -f "$GH_CONFIG_DIR/${overlayMark}" ]; then
  read -r op_a <"$GH_CONFIG_DIR/${overlayMark}" || :
  case $op_a in /*) GH_CONFIG_DIR=$op_a ;; esac
fi
case \${XDG_RUNTIME_DIR-} in /*) op_d=$XDG_RUNTIME_DIR/octopool ;; esac
case \${OCTOPOOL_RUNTIME_DIR-} in /*) op_d=$OCTOPOOL_RUNTIME_DIR ;; esac
op_d=\${op_d:-${temporary}/octopool-${uid}}
op_home=\${HOME-}
case $op_home in
  /*) op_m=/tmp/octopool-${uid}/${marksDirectory}
    while :; do case $op_home in ?*/) op_home=\${op_home%/} ;; *) break ;; esac; done
    while :; do
      case $op_home in */*) op_m=$op_m\${op_home%%/*}%; op_home=\${op_home#*/} ;; *) break ;; esac
    done
    op_m=$op_m$op_home ;;
esac`;
}

/**
 * `op_mark` leaves the mark of a write; `op_mark_places` finds the places that it names and may change, by the rules of
 * mark-write.ts.
 */
export function marksPart(): string {
  const git = gitVariables.map((name) => `\${${name}-}`).join("");
  return `op_mark() {
  trap '' XFSZ
  op_mounts
  op_b=$$
  ! [ -r /proc/self/stat ] || read -r op_b op_c </proc/self/stat || :
  [ "$op_b" = $$ ] || op_o=${otherProcesses}
  for op_a in "$op_d/${marksDirectory}" "$op_m"; do
    if [ -n "$op_a" ] && [ -d "$op_a" ] && [ -O "$op_a" ]; then
      { printf '%s\\0%s' "\${PWD-}" "\${GH_REPO-}"; printf '\\0%s' "$@"; } 2>/dev/null >|"$op_a/$$-$op_o" || :
    fi
  done
  trap - XFSZ
}
op_mounts() {
  op_o=
  ! [ -r ${mountsFile} ] || read -r op_o op_b <${mountsFile} || :
  op_o=\${op_o:-unknown}
}
op_mark_places() {
  case "$1\${2:+.}${git}" in ${repositoryCommands.map((word) => `${word}.`).join("|")}) ;; *) op_mark '${everythingMark}'; return 0 ;; esac
  op_n=$#; op_p=; op_k=
  case "$1 \${2-}" in
${tagsOfWrites.map(tagsArm).join("\n")}
  esac
  for op_a do
    op_c=
    case $op_p in
      -R|--repo) op_c=$op_a ;;
      *) case $op_a in
          --repo=*) op_c=\${op_a#--repo=} ;;
          -R=*) op_c=\${op_a#-R=} ;;
          -R?*) op_c=\${op_a#-R} ;;
          -[A-Za-z]*R*) op_c=${quote(everythingMark)} ;;
          *[Gg]it[Hh]ub.com[:/]*) op_c=$op_a ;;
        esac ;;
    esac
    op_p=$op_a
    [ -n "$op_c" ] || continue
    op_c=\${op_c#http://}; op_c=\${op_c#https://}; op_c=\${op_c#www.}
    case $op_c in
      [Gg]it[Hh]ub.com/*/*) op_c=\${op_c#*/}; op_b=\${op_c#*/}; op_c=\${op_c%%/*}/\${op_b%%[/?#]*} ;;
    esac
    case $op_c in *[!A-Za-z0-9_./-]*|*/*/*/*) op_c=${quote(everythingMark)} ;; ?*.?*/?*/?*) ;; */*/*) op_c=${quote(everythingMark)} ;; ?*/?*) ;; *) op_c=${quote(everythingMark)} ;; esac
    set -- "$@" "$op_c"
  done
  shift "$op_n"
  op_mark "$@" \${op_k:+"$op_k"}
}`;
}

function tagsArm({ commands, tags }: (typeof tagsOfWrites)[number]): string {
  return `    ${commands.map((words) => `"${words}"`).join("|")}) op_k=${quote(`${tagsPrefix}${tags.join(",")}`)} ;;`;
}
