/** The outline of a page, for its own contents and for the search. */
import MarkdownIt from "markdown-it";
import { anchorOf } from "./anchors.ts";

interface Part {
  readonly level: number;
  readonly title: string;
  readonly anchor: string;
  /** Without marks, code included. */
  readonly text: string;
}

/** A page's headings with the text under each, in order. */
export function outlineOf(page: string): Part[] {
  const tokens = new MarkdownIt().parse(page.replace(/^<!--.*-->$/gm, ""), {});
  const begins = tokens.flatMap(({ type }, at) => (type === "heading_open" ? [at] : []));
  return begins.map((at, index) => {
    const title = tokens[at + 1]?.content ?? "";
    const inside = tokens.slice(at + 3, begins[index + 1]);
    return {
      level: Number(tokens[at]?.tag.slice(1)),
      title: title.replaceAll("`", ""),
      anchor: anchorOf(title),
      text: inside
        .map(({ content }) => content.replace(/[`*|]|\]\([^)]*\)|\[/g, ""))
        .filter(Boolean)
        .join(" "),
    };
  });
}
