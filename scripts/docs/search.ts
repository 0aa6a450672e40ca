/** The site's search: one script with all sections in it, so that it works from a folder as well as from a server. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { outlineOf } from "./outline.ts";
import { pages } from "./pages.ts";

const here = import.meta.dirname;

/** Writes `search.js` into the site. */
export function writeSearch(docs: string, site: string): void {
  const sections = pages
    .flatMap(({ files }) => files)
    .flatMap(([name, page]) =>
      outlineOf(readFileSync(join(docs, `${name}.md`), "utf8")).map(({ title, anchor, text, level }) => ({
        href: `${name}.html${level === 1 ? "" : `#${anchor}`}`,
        page,
        title,
        text,
      })),
    )
    .map((section, id) => ({ ...section, id }));
  buildSync({
    entryPoints: [join(here, "search-client.js")],
    outfile: join(site, "search.js"),
    bundle: true,
    minify: true,
    define: { SECTIONS: JSON.stringify(sections) },
    banner: { js: "/*! With MiniSearch: Copyright (c) Luca Ongaro, MIT licence */" },
  });
}
