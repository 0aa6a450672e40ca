/**
 * The documentation site: docs/*.md as they stand, with a layout around them. The files need no front matter, so that
 * they read the same in the repository.
 */
import { join, relative } from "node:path";
import { anchorOf } from "./anchors.ts";
import { measuredTable } from "./measured.ts";
import { outlineOf } from "./outline.ts";
import { pages } from "./pages.ts";
import { writeSearch } from "./search.ts";
import { sitePages } from "./split.ts";

const here = import.meta.dirname;
const docs = join(here, "../../docs");

const nameOf = ({ fileSlug }) => fileSlug || "index";
const pageOf = (page) => sitePages(docs).find(({ name }) => name === nameOf(page));
const outline = (page) => outlineOf(pageOf(page)?.markdown ?? "");

/** The pages before and after in reading order. */
function neighboursOf(page) {
  const order = sitePages(docs);
  const at = order.findIndex(({ name }) => name === nameOf(page));
  return { before: order[at - 1], after: order[at + 1] };
}

export default function configure(site) {
  site.setQuietMode(true);
  site.addPassthroughCopy({
    [join(here, "style.css")]: "style.css",
    [join(here, "../../relay-worker/web/assets/icon.svg")]: "icon.svg",
  });
  site.on("eleventy.after", ({ directories, runMode }) => {
    writeSearch(directories.input, directories.output);
    if (runMode === "build" && process.env.npm_config_loglevel !== "silent")
      console.log(`The site is ${relative(process.cwd(), join(directories.output, "index.html"))}`);
  });
  // Node reads the TypeScript of this folder; Eleventy's own look at its imports cannot.
  site.setWatchJavaScriptDependencies(false);
  site.addWatchTarget(here);
  // The file of all commands reads well in the repository; a reader of the site looks for one.
  for (const { name, of, markdown } of sitePages(docs)) {
    if (name !== of) site.addTemplate(`${name}.md`, markdown);
  }
  site.addPreprocessor("commands", "md", (data, content) =>
    data.page.fileSlug === "cli" ? (pageOf(data.page)?.markdown ?? content) : content,
  );
  site.addGlobalData("layout", "layout.njk");
  site.addGlobalData("navigation", pages);
  site.addGlobalData("eleventyComputed", {
    name: ({ page }) => nameOf(page),
    of: ({ page }) => pageOf(page)?.of ?? nameOf(page),
    title: ({ page }) => outline(page)[0]?.title ?? nameOf(page),
    // The first sentence, as search engines show it.
    description: ({ page }) => /^.*?[.:](?= |$)/.exec(outline(page)[0]?.text ?? "")?.[0] ?? "",
    contents: ({ page }) => outline(page).filter(({ level }) => level === 2),
    neighbours: ({ page }) => neighboursOf(page),
    permalink: ({ page }) => `${nameOf(page)}.html`,
  });
  site.amendLibrary("md", (markdown) => {
    markdown.set({ html: false, linkify: false });
    // Editors' notes are not for readers.
    markdown.core.ruler.before("normalize", "notes", (state) => {
      state.src = state.src
        .replace("<!-- Measured figures. -->", () => measuredTable(join(here, "../../artifacts/bench.json")))
        .replace(/^<!--.*-->$/gm, "");
    });
    // Links between the files work in the repository; here they point to the pages.
    const { link_open: open } = markdown.renderer.rules;
    markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
      const token = tokens[index];
      const target = token.attrGet("href") ?? "";
      if (!/^[a-z]+:/i.test(target)) token.attrSet("href", target.replace(/\.md(?=#|$)/, ".html"));
      return open ? open(tokens, index, options, env, self) : self.renderToken(tokens, index, options);
    };
    // A block that scrolls sideways can be reached by keyboard.
    const { fence } = markdown.renderer.rules;
    markdown.renderer.rules.fence = (...args) => fence(...args).replace("<pre>", '<pre tabindex="0">');
    markdown.renderer.rules.table_open = () => '<div class="scroll" tabindex="0"><table>';
    markdown.renderer.rules.table_close = () => "</table></div>";
    markdown.renderer.rules.heading_open = (tokens, index, options, _env, self) => {
      tokens[index].attrSet("id", anchorOf(tokens[index + 1]?.content ?? ""));
      return self.renderToken(tokens, index, options);
    };
  });
  return {
    dir: { input: "docs", includes: "../scripts/docs", output: "dist/site" },
    templateFormats: ["md"],
    markdownTemplateEngine: false,
  };
}
