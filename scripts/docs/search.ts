/** The site's search: one script with all sections in it, so that it works from a folder as well as from a server. */
import { join } from "node:path";
import { buildSync } from "esbuild";
import { outlineOf } from "./outline.ts";
import { sitePages } from "./split.ts";

const here = import.meta.dirname;

/** Guides before reference, and that before the inner workings, by the needs of most searches. */
const weights: Readonly<Record<string, number>> = {
  "Using it": 2,
  "Running a relay": 1.6,
  Reference: 0.6,
  Inside: 0.5,
};

/** People's words, and the words of the pages. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  quota: ["rate limit", "health"],
  throttle: ["rate limit", "cooldown"],
  throttling: ["rate limit", "cooldown"],
  "429": ["rate limit"],
  "rate limit": ["health", "identities"],
  budget: ["rate limit"],
  windows: ["wsl"],
  win32: ["wsl"],
  docker: ["container"],
  kubernetes: ["container"],
  homebrew: ["install", "formula"],
  brew: ["install", "formula"],
  npm: ["install"],
  setup: ["install"],
  token: ["login"],
  password: ["token", "secret"],
  "sign in": ["login"],
  signin: ["login"],
  oauth: ["sign in"],
  cron: ["idle", "ci"],
  systemd: ["daemon unit"],
  launchd: ["daemon unit"],
  proxy: ["https_proxy"],
  uninstall: ["uninstall-shim", "leaving"],
  remove: ["uninstall-shim", "leaving"],
  update: ["release", "upgrading"],
  upgrade: ["release", "upgrading"],
  slow: ["performance"],
  stale: ["fresh", "old"],
  grafana: ["dashboard", "stats"],
  prometheus: ["dashboard", "stats"],
  metrics: ["stats", "dashboard"],
  bot: ["caller", "ci"],
  user: ["caller"],
  price: ["plan"],
  cost: ["plan", "api calls"],
  offline: ["outage"],
  privacy: ["security", "forget"],
  gdpr: ["forget"],
};

/** Writes `search.js` into the site. */
export function writeSearch(docs: string, site: string): void {
  const sections = sitePages(docs)
    .flatMap(({ part, name, title: page, markdown }) =>
      outlineOf(markdown).map(({ title, anchor, text, level }) => ({
        href: `${name}.html${level === 1 ? "" : `#${anchor}`}`,
        page,
        title,
        text,
        weight: weights[part] ?? 1,
      })),
    )
    .map((section, id) => ({ ...section, id }));
  buildSync({
    entryPoints: [join(here, "search-client.js")],
    outfile: join(site, "search.js"),
    bundle: true,
    minify: true,
    define: { DATA: JSON.stringify({ sections, synonyms }) },
    banner: { js: "/*! With MiniSearch: Copyright (c) Luca Ongaro, MIT licence */" },
  });
}
