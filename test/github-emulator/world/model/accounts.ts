import type { LimitsInput } from "../values.ts";

export type AccountType = "User" | "Bot" | "Organization";

export interface Account {
  id: number;
  node_id: string;
  login: string;
  type: AccountType;
  name: string | null;
  company: string | null;
  blog: string;
  location: string | null;
  email: string | null;
  bio: string | null;
  twitter_username: string | null;
  hireable: boolean | null;
  site_admin: boolean;
  deleted: boolean;
  followers: string[];
  keys: Key[];
  gpg_keys: Key[];
  created_at: string;
  updated_at: string;
  limits: LimitsInput;
  /** For bots: the App's slug. */
  app_slug: string | null;
}

export interface Key {
  id: number;
  key: string;
}

/** The author of something: `null` once the account is deleted. */
export type Actor = Account | null;

export interface Organization {
  account: Account;
  description: string | null;
  members: { account: Account; role: "admin" | "member"; public: boolean }[];
  teams: Team[];
  base_permission: "none" | "read" | "write" | "admin";
}

export interface Team {
  id: number;
  node_id: string;
  name: string;
  slug: string;
  description: string | null;
  privacy: "closed" | "secret";
  organization: Account;
  members: Account[];
  /** Lower-case `owner/name` to permission. */
  repositories: Map<string, Permission>;
}

export type Permission = "read" | "triage" | "write" | "maintain" | "admin";

export interface Token {
  token: string;
  account: Account;
  scopes: string[];
  kind: "classic" | "fine_grained" | "oauth";
  revoked: boolean;
}

export interface App {
  id: number;
  node_id: string;
  slug: string;
  name: string;
  owner: Account | null;
  description: string;
  client_id: string;
  public_key: string | null;
  created_at: string;
  events: string[];
  installations: Installation[];
}

export interface Installation {
  id: number;
  app: App;
  account: Account;
  /** `null`: all repositories of the account. */
  repositories: Set<string> | null;
  permissions: Record<string, string>;
  suspended: boolean;
  limits: LimitsInput;
}

export interface OauthApp {
  client_id: string;
  client_secret: string;
  login: string;
}
