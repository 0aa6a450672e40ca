/** The files of which the installed program consists, and the contents of each. */
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The program that users start. */
export const entry = "octopool.cjs";
/** The real gh's turn. */
export const native = "native.cjs";
/** The names of all of gh's commands, for a machine without gh. */
export const words = "words.cjs";
/** Stays in memory: a module that it imports late must be in another file. */
const idle = "daemon.cjs";

/** Chunks: the modules that are asked for by import() and their exports. */
export const chunks: Readonly<Record<string, readonly string[]>> = {
  "cli.cjs": ["cli/program.ts"],
  [native]: ["cli/shim/native.ts"],
  "start-daemon.cjs": ["cli/shim/start-daemon.ts", "cli/shim/failed-start.ts"],
  [idle]: ["daemon/main.ts"],
  "embedded.cjs": ["daemon/embedded.ts"],
  // The daemon's modules for commands: one file, so that all of them share one copy of each library, and an idle daemon
  // has none.
  "work.cjs": [
    "daemon/gh/index.ts",
    "daemon/gh/gh-costs.ts",
    "daemon/gh/cost/reckoning.ts",
    "daemon/relay/client.ts",
    "daemon/events/begin.ts",
    "daemon/natives.ts",
    "daemon/personal/github.ts",
    "daemon/personal/reader.ts",
    "daemon/comparison/index.ts",
    "daemon/comparison/ledger.ts",
    "daemon/routes/comparison.ts",
    "daemon/via/index.ts",
  ],
  // The names of all of gh's commands, for users without gh.
  [words]: ["cli/words/why-not-asked.ts"],
  // The listener to a relay's events.
  "socket.cjs": ["daemon/events/open-socket.ts"],
  "jq.cjs": ["cli/output/jq.ts"],
  "keyring-child.cjs": ["shared/settings/credentials/keyring-child.ts"],
  "jq-worker.cjs": ["daemon/gh/jq/thread.ts"],
};

const chunkOf = new Map(Object.entries(chunks).flatMap(([chunk, sources]) => sources.map((source) => [source, chunk])));

/**
 * Makes a late import of a chunk's module a late import of the chunk. In the file that stays in memory any other late
 * import of the tree's own is an error.
 * @param outfile - the bundle that is made
 */
export const lazyChunks = (outfile: string): Plugin => ({
  name: "lazy-chunks",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, kind }) => {
      if (kind !== "dynamic-import") return undefined;
      const module = resolve(resolveDir, path).slice(root.length);
      const chunk = chunkOf.get(module);
      if (chunk !== undefined) return { path: `./${chunk}`, external: true };
      if (basename(outfile) !== idle) return undefined;
      return { errors: [{ text: `${module} is imported late, but is in no chunk of scripts/chunks.ts` }] };
    });
  },
});
