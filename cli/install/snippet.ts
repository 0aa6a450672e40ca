/** The block in each shell's language. Harmless where the shim is gone, as on another machine of yours. */
import type { Shell } from "./places.ts";

const explanation = "# Puts Octopool's fast gh first on PATH. `octopool uninstall-shim` removes these lines.";

export function snippet(shell: Shell, directory: string, home: string): readonly string[] {
  const place = quoted(directory, home, shell);
  if (shell === "fish")
    return [
      explanation,
      `if test -x ${place}/gh; and test "$PATH[1]" != ${place}`,
      `    set -gx PATH ${place} $PATH`,
      "end",
    ];
  return [
    explanation,
    `if [ -x ${place}/gh ]; then`,
    `  case "$PATH:" in ${place}:*) ;; *) export PATH=${place}:"$PATH" ;; esac`,
    "fi",
  ];
}

/** `"$HOME"/'rest'` below the home directory, so that one start-up file serves several machines. */
function quoted(path: string, home: string, shell: Shell): string {
  const below = home !== "/" && path.startsWith(`${home}/`);
  return below ? `"$HOME"${literal(path.slice(home.length), shell)}` : literal(path, shell);
}

function literal(text: string, shell: Shell): string {
  if (/^[\w./@+-]+$/.test(text)) return text;
  return shell === "fish" ? `'${text.replaceAll(/(['\\])/g, "\\$1")}'` : `'${text.replaceAll("'", "'\\''")}'`;
}
