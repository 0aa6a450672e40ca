/** The commands that the documentation shows: those of its blocks, and those within its sentences and tables. */
import MarkdownIt from "markdown-it";

export interface PageCommand {
  /** As it is written; one that goes on over several lines in one. */
  readonly text: string;
  /** Within a sentence or a table. */
  readonly inline: boolean;
}

/** The commands under one heading, which run in one shell. */
export interface Section {
  readonly title: string;
  readonly commands: readonly PageCommand[];
  /** Blocks that are no commands, by their language. */
  readonly blocks: readonly { readonly language: string; readonly text: string }[];
}

type Token = ReturnType<MarkdownIt["parse"]>[number];

/** A code span is a command if it is a program with arguments. */
const command = /^(?:[A-Z][A-Z_0-9]+=\S+ )*(?:octopool|npm|npx|wrangler|curl|openssl) \S/;

export function sectionsOf(page: string): Section[] {
  const tokens = new MarkdownIt().parse(page, {});
  const begins = tokens.flatMap(({ type }, at) => (type === "heading_open" ? [at] : []));
  return [0, ...begins].map((from, index) => {
    const part = tokens.slice(from, begins[index]);
    return {
      title: part[0]?.type === "heading_open" ? (part[1]?.content ?? "") : "",
      commands: part.flatMap(commandsOf),
      blocks: part.flatMap(({ type, info, content }) => (type === "fence" ? [{ language: info, text: content }] : [])),
    };
  });
}

function commandsOf({ type, info, content, children }: Token): PageCommand[] {
  if (type === "fence" && info === "sh") return linesOf(content).map((text) => ({ text, inline: false }));
  const spans = children?.filter((child) => child.type === "code_inline").map((span) => span.content) ?? [];
  return spans.filter((span) => command.test(span)).map((text) => ({ text, inline: true }));
}

/** Lines that end with a backslash go on in the next; remarks go. */
function linesOf(block: string): string[] {
  return block
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => line.replace(/(^|\s+)# .*$/, "").trim())
    .filter((line) => line !== "");
}
