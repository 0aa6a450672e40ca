/** Labels from gh's own query, for data that REST lacks: GitHub's search, its collation, and times. */
import * as z from "zod";
import type { RepositoryName } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { goTime } from "../go/time.ts";
import { queryOwn } from "../own-query.ts";

const time = z.string().transform((value) => goTime(value));
const labelSchema = z.object({
  color: z.string(),
  createdAt: time,
  description: z
    .string()
    .nullable()
    .transform((value) => value ?? ""),
  id: z.string(),
  isDefault: z.boolean(),
  name: z.string(),
  updatedAt: time,
  url: z.string(),
});
export type QueriedLabel = z.infer<typeof labelSchema>;

const dataSchema = z.object({
  repository: z.object({
    labels: z.object({
      totalCount: z.int(),
      nodes: z.array(labelSchema),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
});

const query = `query LabelList($owner: String!, $repo: String!, $limit: Int!, $endCursor: String, $query: String,
  $orderBy: LabelOrder) { repository(owner: $owner, name: $repo) {
    labels(first: $limit, after: $endCursor, query: $query, orderBy: $orderBy) { totalCount
      nodes { ${Object.keys(labelSchema.shape).join(" ")} } pageInfo { hasNextPage endCursor } } } }`;

interface Wanted {
  readonly limit: number;
  readonly order: string;
  readonly search: string;
  readonly sort: string;
}

const pageSize = 100;
/** The real gh reads further pages. */
const mostPages = 10;

/** Up to the limit, in GitHub's order, and their total number. */
export async function queryLabels(
  context: Context,
  { owner, name }: RepositoryName,
  { limit, order, search, sort }: Wanted,
): Promise<{ readonly labels: readonly QueriedLabel[]; readonly total: number }> {
  const orderBy = { field: sort === "name" ? "NAME" : "CREATED_AT", direction: order.toUpperCase() };
  const wanted = { owner, repo: name, limit: Math.min(limit, pageSize), query: search, orderBy };
  const labels: QueriedLabel[] = [];
  let endCursor: string | null = null;
  for (let pages = 1; pages <= mostPages; pages++) {
    const variables: Readonly<Record<string, unknown>> = { ...wanted, ...(endCursor !== null && { endCursor }) };
    const why = "GitHub's own order and search of labels";
    const data: z.infer<typeof dataSchema> = await queryOwn(context, { query, variables }, dataSchema, {
      why,
      live: false,
    });
    const { nodes, totalCount, pageInfo } = data.repository.labels;
    labels.push(...nodes);
    endCursor = pageInfo.endCursor;
    if (labels.length >= limit || !pageInfo.hasNextPage) return { labels: labels.slice(0, limit), total: totalCount };
  }
  return context.native(`more than ${mostPages} pages of labels`);
}
