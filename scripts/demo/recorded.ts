/** The demo on real GitHub answers that were recorded. */
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { classify, lifetimeOf } from "../../shared/routes/index.ts";
import { startGitHub } from "../../test/github-emulator/index.ts";
import { githubText, type Scenario } from "../stack/scenario.ts";

const exchangeSchema = z.object({
  path: z.string(),
  query: z.array(z.tuple([z.string(), z.string()])),
  status: z.number(),
  body: z.unknown(),
});

const token = "ghp_recorded_demo_token";
const shown = 12;

/** Serves the recorded exchanges of `file` and reads a dozen of them, each of another kind. */
export async function recordedScenario(file: string): Promise<Scenario> {
  const reads = pick(await readFile(file, "utf8"));
  if (reads.length === 0) throw new Error(`${file} holds no answer that the relay may keep.`);
  const github = await startGitHub({ recorded: file, port: 0 });
  return {
    title: `real GitHub answers recorded in ${file}`,
    githubApi: github.url,
    githubWeb: github.url,
    calls: () => github.control.calls,
    bindings: { DEMO_TOKEN: token },
    identities: [
      { id: "demo-token", kind: "pat", login: "octocat", secret_ref: "DEMO_TOKEN", scopes: [{ owner: "*" }] },
    ],
    ghEnvironment: { GH_TOKEN: token },
    reads: reads.map((path) => ({ args: ["api", path], expected: () => githubText(github.url, path, token) })),
    natives: [],
    close: () => github.close(),
  };
}

/** One kept answer of each kind whose body no rule reduces, the largest first. */
function pick(text: string): readonly string[] {
  const best = new Map<string, { readonly path: string; readonly size: number }>();
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    const { path, query, status, body } = exchangeSchema.parse(JSON.parse(line));
    const classified = classify(path, Object.fromEntries(query));
    if (status !== 200 || classified?.route.class !== "pool" || classified.route.search) continue;
    if (!lifetimeOf(classified, body, { now: Date.now() })) continue;
    const written = JSON.stringify(body);
    // Bodies that hold whole repositories are reduced on the way, so they are not the recorded bytes.
    if (classified.route.kind === "repo_view" || written.includes('"full_name"')) continue;
    const known = best.get(classified.route.kind);
    if (known && known.size >= written.length) continue;
    const search = new URLSearchParams(query).toString();
    best.set(classified.route.kind, {
      path: `${path.slice(1)}${search === "" ? "" : `?${search}`}`,
      size: written.length,
    });
  }
  return [...best.values()]
    .sort((a, b) => b.size - a.size)
    .slice(0, shown)
    .map(({ path }) => path);
}
