/**
 * The marked block in a shell's start-up file. Its first line records the other changes, so that removing it restores
 * the file to the byte.
 */
import type { Placement } from "./places.ts";

const open = "# >>> octopool shim";
const close = "# <<< octopool shim <<<";

/** Created together with the block: a line break, or the file and so many directories above it. */
type Origin = "lineBreak" | { readonly directories: number } | undefined;

function note(origin: Origin): string {
  if (origin === undefined) return "";
  if (origin === "lineBreak") return ", with the line break before it";
  if (origin.directories === 0) return ", with this file";
  return `, with this file and ${origin.directories} ${origin.directories === 1 ? "directory" : "directories"} above it`;
}

function originOf(head: string): Origin {
  if (head.includes(", with the line break")) return "lineBreak";
  const file = /, with this file(?: and (\d{1,2}) director)?/.exec(head);
  return file === null ? undefined : { directories: Number(file[1] ?? 0) };
}

/** The text with one block at each place, replacing all earlier blocks. */
export function withBlocks(
  text: string,
  lines: readonly string[],
  placements: readonly Placement[],
  created?: { readonly directories: number },
): string {
  const before = withoutBlocks(text).text;
  const start = placements.includes("start") ? block(lines, undefined) : "";
  if (!placements.includes("end")) return start + before;
  if (created !== undefined) return start + block(lines, created);
  const joined = before === "" || before.endsWith("\n");
  return start + before + (joined ? "" : "\n") + block(lines, joined ? undefined : "lineBreak");
}

function block(lines: readonly string[], origin: Origin): string {
  return `${[`${open}${note(origin)} >>>`, ...lines, close].join("\n")}\n`;
}

export interface Removed {
  readonly text: string;
  /** The lines that stood inside the blocks. */
  readonly lines: readonly string[];
  /** The file, and so many directories above it, were made by us, and the file is empty again. */
  readonly created: { readonly directories: number } | undefined;
}

/** The text as it was before. A block whose end is missing is left alone: the text after it may be the user's. */
export function withoutBlocks(text: string): Removed {
  const lines: string[] = [];
  let created: Removed["created"];
  let rest = text;
  for (;;) {
    const found = findBlock(rest);
    if (found === undefined) break;
    lines.push(...found.inside.split("\n").filter(Boolean));
    if (typeof found.origin === "object") created = found.origin;
    const before = rest.slice(0, found.begin);
    rest = (found.origin === "lineBreak" ? before.replace(/\n$/, "") : before) + rest.slice(found.end);
  }
  return { text: rest, lines, created: rest === "" ? created : undefined };
}

function findBlock(text: string) {
  const begin = text.search(new RegExp(`^${open}[^\n]* >>>$`, "m"));
  if (begin === -1) return undefined;
  const firstLineEnd = text.indexOf("\n", begin);
  const last = text.indexOf(close, begin);
  if (firstLineEnd === -1 || last === -1) return undefined;
  const head = text.slice(begin, firstLineEnd);
  const end = text.startsWith("\n", last + close.length) ? last + close.length + 1 : last + close.length;
  return { begin, end, origin: originOf(head), inside: text.slice(firstLineEnd + 1, last) };
}
