/** Repositories as GitHub's REST API has them. */
import * as z from "zod";

const text = z.string().nullish();
const count = z.number().int().nonnegative();

const ownerSchema = z.looseObject({ node_id: z.string(), login: z.string(), type: z.string() });

/** The fields that a list and a single repository share. */
export const repositorySchema = z.looseObject({
  id: z.number().int(),
  node_id: z.string(),
  name: z.string(),
  full_name: z.string(),
  owner: ownerSchema,
  private: z.boolean(),
  html_url: z.string(),
  ssh_url: z.string(),
  mirror_url: text,
  description: text,
  homepage: text,
  language: text,
  license: z.looseObject({ key: z.string(), name: z.string() }).nullish(),
  topics: z.array(z.string()),
  fork: z.boolean(),
  archived: z.boolean(),
  is_template: z.boolean(),
  visibility: z.string(),
  default_branch: z.string(),
  size: count,
  forks_count: count,
  stargazers_count: count,
  has_issues: z.boolean(),
  has_projects: z.boolean(),
  has_wiki: z.boolean(),
  has_discussions: z.boolean().optional(),
  created_at: z.string(),
  updated_at: z.string(),
  pushed_at: text,
  /** Only in answers to an authenticated account. */
  permissions: z
    .object({
      admin: z.boolean(),
      maintain: z.boolean().optional(),
      push: z.boolean(),
      triage: z.boolean().optional(),
      pull: z.boolean(),
    })
    .optional(),
  /** Only of a single repository, and only for users who may change it. */
  allow_merge_commit: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
  delete_branch_on_merge: z.boolean().optional(),
  /** Only of a single repository. */
  subscribers_count: count.optional(),
  parent: z.looseObject({ node_id: z.string(), name: z.string(), owner: ownerSchema }).nullish(),
});
export type RestRepository = z.infer<typeof repositorySchema>;
