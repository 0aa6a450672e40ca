/** The pages of the site from the files in docs/: the long list of commands becomes one page a command. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { anchorOf } from "./anchors.ts";
import { pages } from "./pages.ts";

interface SitePage {
  /** Name of its file, without the ending. */
  readonly name: string;
  /** Its name in the navigation. */
  readonly title: string;
  /** Which part of the navigation it belongs to. */
  readonly part: string;
  readonly markdown: string;
  /** Made from a part of this file, which has the rest; itself otherwise. */
  readonly of: string;
}

/** A command's section that is longer is split by its own commands as well. */
const longestLines = 150;

/** All pages in reading order. @param docs the folder of the files */
export function sitePages(docs: string): readonly SitePage[] {
  return pages.flatMap(({ part, files }) =>
    files.flatMap(([name, title]) => {
      const markdown = readFileSync(join(docs, `${name}.md`), "utf8");
      if (name !== "cli") return [{ name, title, part, markdown, of: name }];
      const { rest, commands } = splitCommands(markdown);
      return [
        { name, title, part, markdown: rest, of: name },
        ...commands.map((command) => ({ name: anchorOf(command.title), part, of: name, ...command })),
      ];
    }),
  );
}

interface Command {
  readonly title: string;
  readonly markdown: string;
}

/** `## octopool …` and the text under it, a page each; the rest links to them. */
export function splitCommands(markdown: string): { readonly rest: string; readonly commands: readonly Command[] } {
  const [head = "", ...sections] = markdown.split(/^(?=## )/m);
  const isCommand = (section: string) => section.startsWith("## octopool ");
  const commands = sections.filter(isCommand).flatMap((section) => pagesOf(section, "##"));
  const links = new Map(commands.map(({ title }) => [anchorOf(title), `${anchorOf(title)}.html`]));
  const linked = (text: string) =>
    text.replace(/\]\(#([\w-]+)\)/g, (whole, anchor: string) =>
      links.has(anchor) ? `](${links.get(anchor)})` : whole,
    );
  return { rest: linked([head, ...sections.filter((section) => !isCommand(section))].join("")), commands };
}

/** One page; or one and a page for each of its own commands, where that would be long. */
function pagesOf(section: string, level: string): Command[] {
  const title = /^#+ (.+)$/m.exec(section)?.[1] ?? "";
  const [own = "", ...children] = section.split(new RegExp(`^(?=${level}# )`, "m"));
  const isLong = children.length > 1 && section.split("\n").length > longestLines;
  if (!isLong) return [{ title, markdown: raised(section, level.length - 1) }];
  const below = children.flatMap((child) => pagesOf(child, `${level}#`));
  const list = below.map((child) => `- [${child.title}](${anchorOf(child.title)}.html)`).join("\n");
  return [{ title, markdown: `${raised(own, level.length - 1)}\n${list}\n` }, ...below];
}

/** Its heading becomes the page's. */
function raised(section: string, by: number): string {
  let inCode = false;
  return section
    .split("\n")
    .map((line) => {
      if (line.startsWith("```")) inCode = !inCode;
      return inCode || !line.startsWith("#") ? line : line.slice(by);
    })
    .join("\n");
}
