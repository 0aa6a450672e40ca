import * as z from "zod";
import { app, oauthApp, organization, token, user } from "./accounts.ts";
import { run, workflow } from "./actions.ts";
import { type changedFile, commit, issue, pull } from "./discussion.ts";
import { actor, id, instant, limits, login, permission, reactions, repositoryName } from "./values.ts";

const label = z.strictObject({
  id: id.optional(),
  name: z.string(),
  color: z.string().default("ededed"),
  description: z.string().nullable().default(null),
  default: z.boolean().default(false),
});

const milestone = z.strictObject({
  id: id.optional(),
  number: z.int().positive().optional(),
  title: z.string(),
  description: z.string().nullable().default(null),
  state: z.enum(["open", "closed"]).default("open"),
  creator: actor.optional(),
  created_at: instant.optional(),
  updated_at: instant.optional(),
  due_on: instant.nullable().default(null),
  closed_at: instant.nullable().default(null),
});

/** Path to content: text, base64 of bytes, or `null` (in a branch: the file is not there). */
const tree = z.record(z.string(), z.union([z.string(), z.strictObject({ base64: z.string() }), z.null()])).default({});

const protection = z.strictObject({
  required_checks: z.array(z.string()).default([]),
  required_approvals: z.int().nonnegative().default(0),
});

const branch = z.strictObject({
  name: z.string(),
  /** The commit it starts from; absent: the default branch's newest. */
  from: z.string().optional(),
  commits: z.array(commit).default([]),
  protected: z.boolean().optional(),
  protection: protection.optional(),
  /** Differences to the repository's files. */
  files: tree,
});

const tag = z.strictObject({
  name: z.string(),
  /** A sha or a branch; absent: the default branch's newest commit. */
  target: z.string().optional(),
  /** Makes it an annotated tag. */
  message: z.string().optional(),
  tagger: login.optional(),
  date: instant.optional(),
});

const asset = z.strictObject({
  id: id.optional(),
  name: z.string(),
  label: z.string().nullable().default(null),
  content_type: z.string().default("application/octet-stream"),
  content: z.string().optional(),
  size: z.int().nonnegative().optional(),
  download_count: z.int().nonnegative().default(0),
  uploader: actor.optional(),
  created_at: instant.optional(),
  updated_at: instant.optional(),
});

const release = z.strictObject({
  id: id.optional(),
  tag: z.string(),
  name: z.string().nullable().optional(),
  body: z.string().nullable().default(null),
  draft: z.boolean().default(false),
  prerelease: z.boolean().default(false),
  immutable: z.boolean().default(false),
  /** Overrides GitHub's choice: the newest that is neither draft nor prerelease. */
  latest: z.boolean().optional(),
  target: z.string().optional(),
  author: actor.optional(),
  created_at: instant.optional(),
  published_at: instant.optional(),
  updated_at: instant.optional(),
  assets: z.array(asset).default([]),
  reactions,
});

const deployment = z.strictObject({
  id: id.optional(),
  ref: z.string().optional(),
  environment: z.string().default("production"),
  description: z.string().nullable().default(null),
  creator: actor.optional(),
  created_at: instant.optional(),
});

const publicEvent = z.strictObject({
  id: id.optional(),
  type: z.string(),
  actor: login,
  created_at: instant.optional(),
  payload: z.record(z.string(), z.json()).default({}),
  public: z.boolean().default(true),
});

const file = z.union([z.string(), z.strictObject({ content: z.string(), language: z.string().nullable().optional() })]);

const gist = z.strictObject({
  id: z
    .string()
    .regex(/^[0-9a-f]+$/)
    .optional(),
  owner: login,
  description: z.string().nullable().default(null),
  public: z.boolean().default(true),
  files: z.record(z.string(), file),
  created_at: instant.optional(),
  updated_at: instant.optional(),
});

const repository = z.strictObject({
  /** `owner/name`. */
  name: repositoryName,
  id: id.optional(),
  private: z.boolean().default(false),
  visibility: z.enum(["public", "private", "internal"]).optional(),
  description: z.string().nullable().default(null),
  homepage: z.string().nullable().default(null),
  fork_of: repositoryName.optional(),
  default_branch: z.string().default("main"),
  archived: z.boolean().default(false),
  disabled: z.boolean().default(false),
  is_template: z.boolean().default(false),
  topics: z.array(z.string()).default([]),
  /** Bytes a language. */
  languages: z.record(z.string(), z.int().nonnegative()).default({}),
  /** SPDX identifier. */
  license: z.string().nullable().default(null),
  has_issues: z.boolean().default(true),
  has_projects: z.boolean().default(true),
  has_wiki: z.boolean().default(true),
  has_pages: z.boolean().default(false),
  has_discussions: z.boolean().default(false),
  allow_forking: z.boolean().default(true),
  allow_squash_merge: z.boolean().default(true),
  allow_merge_commit: z.boolean().default(true),
  allow_rebase_merge: z.boolean().default(true),
  allow_auto_merge: z.boolean().default(false),
  delete_branch_on_merge: z.boolean().default(false),
  created_at: instant.optional(),
  updated_at: instant.optional(),
  pushed_at: instant.optional(),
  /** Kilobytes. */
  size: z.int().nonnegative().optional(),
  /** Counts where the lists would be too long to write; at least as many as are listed. */
  stars: z.int().nonnegative().optional(),
  watchers: z.int().nonnegative().optional(),
  stargazers: z.array(login).default([]),
  subscribers: z.array(login).default([]),
  collaborators: z.partialRecord(login, permission).default({}),
  /** Former `owner/name`s: answered with 301. */
  renamed_from: z.array(repositoryName).default([]),
  labels: z
    .array(
      z.union([z.string().transform((name) => ({ name, color: "ededed", description: null, default: false })), label]),
    )
    .default([]),
  milestones: z.array(milestone).default([]),
  files: tree,
  /** History of the default branch, oldest first; merged pull requests join it by date. */
  commits: z.array(commit).default([]),
  branches: z.array(branch).default([]),
  protection: protection.optional(),
  tags: z.array(tag).default([]),
  issues: z.array(issue).default([]),
  pulls: z.array(pull).default([]),
  workflows: z.array(workflow).default([]),
  runs: z.array(run).default([]),
  releases: z.array(release).default([]),
  deployments: z.array(deployment).default([]),
  events: z.array(publicEvent).default([]),
});

/** The file a world is written in. Each value may be left out; it is then derived, always the same way. */
export const worldSchema = z.strictObject({
  $schema: z.string().optional(),
  /** The newest instant derived times may have. Nothing else depends on it: the clock of answers is the emulator's. */
  now: instant.default("2026-06-01T12:00:00Z"),
  users: z.array(user).default([]),
  organizations: z.array(organization).default([]),
  tokens: z.array(token).default([]),
  apps: z.array(app).default([]),
  oauth_apps: z.array(oauthApp).default([]),
  repositories: z.array(repository).default([]),
  gists: z.array(gist).default([]),
  limits: z.strictObject({ anonymous: limits.optional() }).default({}),
});

/** A world as authors write it. */
export type WorldFile = z.input<typeof worldSchema>;
/** Parts of it, in the same form. */
export type RepositoryFile = NonNullable<WorldFile["repositories"]>[number];
export type IssueFile = NonNullable<RepositoryFile["issues"]>[number];
export type PullFile = NonNullable<RepositoryFile["pulls"]>[number];
export type RunFile = NonNullable<RepositoryFile["runs"]>[number];
/** A world file with its defaults filled in. */
export type ParsedWorld = z.output<typeof worldSchema>;
export type RepositoryInput = z.output<typeof repository>;
export type UserInput = z.output<typeof user>;
export type OrganizationInput = z.output<typeof organization>;
export type AppInput = z.output<typeof app>;
export type TokenInput = z.output<typeof token>;
export type IssueInput = z.output<typeof issue>;
export type PullInput = z.output<typeof pull>;
export type CommitInput = z.output<typeof commit>;
export type RunInput = z.output<typeof run>;
export type ReleaseInput = z.output<typeof release>;
export type FileInput = z.output<typeof changedFile>;
export type TreeInput = z.output<typeof tree>;

/** The world format as JSON Schema, for editors and other tools. */
export function worldJsonSchema(): object {
  return z.toJSONSchema(worldSchema, { io: "input", unrepresentable: "any" });
}
