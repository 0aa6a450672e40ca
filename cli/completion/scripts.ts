/** The completion scripts: tables of words, so that pressing Tab starts no process. */

import type { CommandDefinition } from "../command.ts";
import { type Place, placesOf } from "./words.ts";

const completionShells = ["bash", "zsh", "fish"] as const;
type CompletionShell = (typeof completionShells)[number];

export function completionScript(shell: CompletionShell, root: CommandDefinition): string {
  const places = placesOf(root);
  return { bash, zsh, fish }[shell](places);
}

const keyOf = ({ path }: Place) => path.slice(1).join(" ");

/** Shared by bash and zsh: the words so far, less options and their values, name the place. */
function bash(places: readonly Place[]): string {
  const cases = places.map((place) => {
    const words = [
      ...place.subcommands.map(({ word }) => word),
      ...place.choices,
      ...place.options.map(({ word }) => word),
    ];
    return `    ${quoted(keyOf(place))}) words=${quoted(words.join(" "))} ;;`;
  });
  const values = valueCases(places, (choices) => `words=${quoted(choices.join(" "))}`);
  return `# bash completion of octopool: eval "$(octopool completion bash)"
# gh's own completions behind "octopool gh": its lines are a word, a tab and a description; the last one is a number.
__octopool_gh() {
  local line
  [ "\${1-}" != gh ] || [ "$place" = gh ] || shift
  while IFS= read -r line; do
    case "$line" in :[0-9]*) ;; *) COMPREPLY+=("\${line%%$'\\t'*}") ;; esac
  done < <(octopool gh __complete "$@" 2>/dev/null)
}
_octopool() {
  local words= place= word i
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$place" in gh|explain) break ;; esac
    case " ${groupWords(places)} " in *" \${place:+$place }$word "*|*"|\${place:+$place }$word|"*) place="\${place:+$place }$word" ;; esac
  done
  case "$place" in
    gh|explain)
      __octopool_gh "\${COMP_WORDS[@]:i:COMP_CWORD-i}" "$current"
      return ;;
  esac
  case "$place $previous" in
${values}
  *) case "$place" in
${cases.join("\n")}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _octopool octopool
`;
}

/** \`|login|admin|admin caller|\`: every place by its words. */
function groupWords(places: readonly Place[]): string {
  return `|${places.map(keyOf).filter(Boolean).join("|")}|`;
}

function valueCases(places: readonly Place[], body: (choices: readonly string[]) => string): string {
  const cases = places.flatMap((place) =>
    place.options
      .filter(({ takesValue }) => takesValue)
      .map(({ word, choices }) => `  ${quoted(`${keyOf(place)} ${word}`)}) ${body(choices)} ;;`),
  );
  return cases.join("\n");
}

function zsh(places: readonly Place[]): string {
  const cases = places.map((place) => {
    const described = [
      ...place.subcommands.map(({ word, description }) => `${word}:${description}`),
      ...place.choices.map((word) => word),
      ...place.options.map(({ word, description }) => `${word}:${description}`),
    ];
    return `    ${quoted(keyOf(place))}) found=(${described.map(quoted).join(" ")}) ;;`;
  });
  const values = valueCases(places, (choices) =>
    choices.length === 0 ? "_files; return" : `found=(${choices.map(quoted).join(" ")})`,
  );
  return `#compdef octopool
# zsh completion of octopool: eval "$(octopool completion zsh)"
_octopool() {
  local place= word i
  local -a found
  for ((i = 2; i <= CURRENT; i++)); do
    word="\${words[i]}"
    if [[ "$place" == (gh|explain) ]]; then
      local -a rest lines
      rest=("\${(@)words[i,CURRENT]}")
      [[ "$place" == explain && "\${rest[1]}" == gh ]] && shift rest
      lines=("\${(@f)$(octopool gh __complete "\${rest[@]}" 2>/dev/null)}")
      lines=("\${(@)lines:#:<->*}")
      found=("\${(@)lines//$'\\t'/:}")
      _describe gh found; return
    fi
    (( i == CURRENT )) && break
    case ${quoted(groupWords(places))} in *"|\${place:+$place }$word|"*) place="\${place:+$place }$word" ;; esac
  done
  case "$place \${words[CURRENT-1]}" in
${values}
  *) case "$place" in
${cases.join("\n")}
    esac ;;
  esac
  _describe octopool found
}
if [[ "\${funcstack[1]}" == _octopool ]]; then _octopool "$@"; else compdef _octopool octopool; fi
`;
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap((place) => {
    const here = `complete -c octopool -n ${fishQuoted(`__octopool_at ${keyOf(place)}`)}`;
    return [
      ...place.subcommands.map(({ word, description }) => `${here} -f -a ${word} -d ${fishQuoted(description)}`),
      ...place.choices.map((word) => `${here} -f -a ${word}`),
      ...place.options.map(({ word, description, takesValue, choices }) => {
        const name = word.startsWith("--") ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`;
        const value = takesValue ? ` -x${choices.length === 0 ? "" : ` -a ${fishQuoted(choices.join(" "))}`}` : "";
        return `${here} -f ${name}${value} -d ${fishQuoted(description)}`;
      }),
    ];
  });
  return `# fish completion of octopool: octopool completion fish | source
set -g __octopool_places ${places.map(keyOf).filter(Boolean).map(fishQuoted).join(" ")}
function __octopool_at
    set -l place
    for word in (commandline -opc)[2..]
        set -l next (string join ' ' $place $word)
        contains -- $next $__octopool_places; and set place (string split ' ' $next)
    end
    test "$place" = "$argv"
end
complete -c octopool -f
# gh's own completions behind "octopool gh" and "octopool explain".
function __octopool_gh
    set -l words (commandline -opc)[3..] (commandline -ct)
    test "$words[1]" = gh; and set -e words[1]
    octopool gh __complete $words 2>/dev/null | string match -v -r '^:[0-9]+$'
end
complete -c octopool -n '__octopool_at gh; or __octopool_at explain' -f -a '(__octopool_gh)'
${lines.join("\n")}
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll(/(['\\])/g, "\\$1")}'`;
}
