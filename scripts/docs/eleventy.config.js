/**
 * The documentation site: docs/*.md as they stand, with a layout around them. The files need no front matter, so that
 * they read the same in the repository.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { anchorOf } from "./anchors.ts";
import { measuredTable } from "./measured.ts";
import { pages } from "./pages.ts";

const here = import.meta.dirname;

/** The first heading of a page is its title. */
const titleOf = (page) => /^# (.+)$/m.exec(readFileSync(page.inputPath, "utf8"))?.[1] ?? page.fileSlug;

export default function configure(site) {
  site.setQuietMode(true);
  site.addPassthroughCopy({ [join(here, "style.css")]: "style.css" });
  site.addGlobalData("layout", "layout.njk");
  site.addGlobalData("navigation", pages);
  site.addGlobalData("eleventyComputed", {
    title: ({ page }) => titleOf(page),
    permalink: ({ page }) => `${page.fileSlug || "index"}.html`,
  });
  site.amendLibrary("md", (markdown) => {
    markdown.set({ html: false, linkify: false });
    // Notes to those who edit the files are not for readers.
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
