/** Recorded answers of api.github.com as a reader, where the machine has them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { GitHubReader } from "../../../../daemon/reader.ts";

const exchangeSchema = z.looseObject({
  path: z.string(),
  query: z.array(z.tuple([z.string(), z.string()])),
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
});
type Exchange = z.infer<typeof exchangeSchema>;

const file = join(import.meta.dirname, "../../../../../shared/recorded-github/exchanges.jsonl");

/** All exchanges; undefined where there is no recording. */
export function recordedExchanges(): readonly Exchange[] | undefined {
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => exchangeSchema.parse(JSON.parse(line)));
}

/** Answers from the recording, and 404 for all other requests. */
export function recordedReader(exchanges: readonly Exchange[]): GitHubReader {
  const byPath = Map.groupBy(exchanges, ({ path }) => path.toLowerCase());
  return {
    read: async ({ path, query = [] }) => {
      const wanted = query.filter(([key]) => key !== "per_page").toString();
      const candidates = byPath.get(path.toLowerCase()) ?? [];
      const found = candidates.find(
        (exchange) => exchange.query.filter(([key]) => key !== "per_page").toString() === wanted,
      );
      const { status, headers, body } = found ?? { status: 404, headers: {}, body: { message: "Not Found" } };
      return {
        status,
        headers: { "content-type": "application/json; charset=utf-8", ...headers },
        body: new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)),
        answeredBy: "github",
        stale: false,
        createdAt: 0,
      };
    },
  };
}
