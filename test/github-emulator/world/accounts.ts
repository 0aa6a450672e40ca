import * as z from "zod";
import { id, instant, limits, login, permission, repositoryName } from "./values.ts";

const key = z.strictObject({ id: id.optional(), key: z.string() });

/**
 * An account. Logins that are only mentioned need no entry: they become users, or bots when they end in `[bot]`.
 * A `deleted` account keeps its texts, without an author.
 */
export const user = z.strictObject({
  login,
  id: id.optional(),
  type: z.enum(["User", "Bot", "Organization"]).optional(),
  name: z.string().nullable().default(null),
  company: z.string().nullable().default(null),
  blog: z.string().default(""),
  location: z.string().nullable().default(null),
  email: z.string().nullable().default(null),
  bio: z.string().nullable().default(null),
  twitter_username: z.string().nullable().default(null),
  hireable: z.boolean().nullable().default(null),
  site_admin: z.boolean().default(false),
  deleted: z.boolean().default(false),
  followers: z.array(login).default([]),
  keys: z.array(key).default([]),
  gpg_keys: z.array(key).default([]),
  created_at: instant.optional(),
  updated_at: instant.optional(),
  limits: limits.optional(),
});

const team = z.strictObject({
  name: z.string(),
  slug: z.string().optional(),
  id: id.optional(),
  description: z.string().nullable().default(null),
  privacy: z.enum(["closed", "secret"]).default("closed"),
  members: z.array(login).default([]),
  repositories: z.partialRecord(repositoryName, permission).default({}),
});

const member = z.strictObject({
  login,
  role: z.enum(["admin", "member"]).default("member"),
  public: z.boolean().default(true),
});

export const organization = z.strictObject({
  login,
  id: id.optional(),
  name: z.string().nullable().default(null),
  description: z.string().nullable().default(null),
  blog: z.string().default(""),
  location: z.string().nullable().default(null),
  email: z.string().nullable().default(null),
  created_at: instant.optional(),
  updated_at: instant.optional(),
  /** A plain login is a member whose membership is public. */
  members: z
    .array(z.union([login.transform((name) => ({ login: name, role: "member" as const, public: true })), member]))
    .default([]),
  teams: z.array(team).default([]),
  /** The permission of every member on the organization's repositories. */
  base_permission: z.enum(["none", "read", "write", "admin"]).default("read"),
});

/** A personal, OAuth or Actions token. Budgets belong to its user, as on GitHub: `limits` sets them. */
export const token = z.strictObject({
  token: z.string().min(1),
  login,
  scopes: z.array(z.string()).default(["repo", "read:org", "gist"]),
  kind: z.enum(["classic", "fine_grained", "oauth"]).default("classic"),
  /** The token is known but no longer valid: 401. */
  revoked: z.boolean().default(false),
  limits: limits.optional(),
});

const installation = z.strictObject({
  id: id.optional(),
  account: login,
  /** `all`, or the names of the selected repositories. */
  repositories: z.union([z.literal("all"), z.array(repositoryName)]).default("all"),
  permissions: z
    .record(z.string(), z.enum(["read", "write", "admin"]))
    .default({ contents: "read", issues: "read", metadata: "read", pull_requests: "read", actions: "read" }),
  suspended: z.boolean().default(false),
  limits: limits.optional(),
});

/** A GitHub App. Its public key is given when the emulator starts (`--app-key`), or here as PEM. */
const appEvents = `check_run check_suite create delete issue_comment issues label milestone pull_request
  pull_request_review pull_request_review_comment pull_request_review_thread push release repository status
  workflow_job workflow_run`.split(/\s+/);

export const app = z.strictObject({
  slug: z.string(),
  id: id.optional(),
  name: z.string().optional(),
  owner: login.optional(),
  description: z.string().default(""),
  client_id: z.string().optional(),
  public_key: z.string().optional(),
  created_at: instant.optional(),
  /** The events of its webhook; all by default. */
  events: z.array(z.string()).default([...appEvents]),
  installations: z.array(installation).default([]),
});

/** An OAuth application for `/login/oauth/*`; `login` is the account that approves. */
export const oauthApp = z.strictObject({ client_id: z.string(), client_secret: z.string(), login });
