/** Issues and pull requests as GitHub's search has them, and gh's values for them (pkg/search/result.go). */
import * as z from "zod";
import { goTime } from "../go/time.ts";

const userSchema = z.looseObject({ node_id: z.string(), login: z.string(), type: z.string(), html_url: z.string() });

export const itemSchema = z.looseObject({
  id: z.number().int(),
  node_id: z.string(),
  number: z.number().int(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  state_reason: z.string().nullish(),
  locked: z.boolean(),
  draft: z.boolean().optional(),
  comments: z.number().int(),
  author_association: z.string(),
  html_url: z.string(),
  repository_url: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: z.string().nullish(),
  user: userSchema.nullable(),
  assignees: z.array(userSchema),
  labels: z.array(
    z.looseObject({ node_id: z.string(), name: z.string(), color: z.string(), description: z.string().nullish() }),
  ),
  pull_request: z.looseObject({ merged_at: z.string().nullish() }).optional(),
});
export type Item = z.infer<typeof itemSchema>;

export const issueSearchFields = [
  "assignees",
  "author",
  "authorAssociation",
  "body",
  "closedAt",
  "commentsCount",
  "createdAt",
  "id",
  "isLocked",
  "isPullRequest",
  "labels",
  "number",
  "repository",
  "state",
  "title",
  "updatedAt",
  "url",
] as const;
export const pullSearchFields = [...issueSearchFields, "isDraft"] as const;
type ItemField = (typeof pullSearchFields)[number];

const values: Readonly<Record<ItemField, (item: Item) => unknown>> = {
  assignees: ({ assignees }) => assignees.map(exportUser),
  author: ({ user }) => exportUser(user),
  authorAssociation: ({ author_association }) => author_association,
  body: ({ body }) => body ?? "",
  closedAt: ({ closed_at }) => goTime(closed_at),
  commentsCount: ({ comments }) => comments,
  createdAt: ({ created_at }) => goTime(created_at),
  id: ({ node_id }) => node_id,
  isDraft: ({ draft }) => draft ?? false,
  isLocked: ({ locked }) => locked,
  isPullRequest: ({ pull_request }) => pull_request !== undefined,
  labels: ({ labels }) =>
    labels.map(({ color, description, node_id, name }) => ({
      color,
      description: description ?? "",
      id: node_id,
      name,
    })),
  number: ({ number }) => number,
  repository: (item) => ({ name: repositoryOf(item).split("/")[1] ?? "", nameWithOwner: repositoryOf(item) }),
  state: stateOf,
  title: ({ title }) => title,
  updatedAt: ({ updated_at }) => goTime(updated_at),
  url: ({ html_url }) => html_url,
};

/** The fields asked for. */
export function projectItem(fields: readonly ItemField[], item: Item): object {
  return Object.fromEntries(fields.map((field) => [field, values[field](item)]));
}

/** To gh an account without an id is an app; that of a deleted user has neither id nor name. */
function exportUser(user: z.infer<typeof userSchema> | null): object {
  if (!user) return { id: "", is_bot: true, login: "app/", type: "", url: "" };
  const { node_id, login, type, html_url } = user;
  return { id: node_id, is_bot: false, login, type, url: html_url };
}

/** `owner/name`. */
export function repositoryOf(item: Item): string {
  return item.repository_url.split("/").slice(-2).join("/");
}

/** A merged pull request has a state of its own. */
export function stateOf(item: Item): string {
  return item.pull_request?.merged_at ? "merged" : item.state;
}
