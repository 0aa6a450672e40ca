import type { Account, App, OauthApp, Organization, Token } from "./model/accounts.ts";
import type { Gist, Repository } from "./model/repositories.ts";
import type { LimitsInput } from "./values.ts";

export type * from "./model/accounts.ts";
export type * from "./model/actions.ts";
export type * from "./model/git.ts";
export type * from "./model/repositories.ts";
export type * from "./model/threads.ts";

/**
 * A world with every derived value in place: REST and GraphQL render it, and writes change it.
 * Times are strings as GitHub prints them; accounts, repositories and threads refer to each other as objects.
 */
export interface World {
  now: string;
  /** By lower-case login; organizations are here too. */
  accounts: Map<string, Account>;
  organizations: Map<string, Organization>;
  /** By the token itself. */
  tokens: Map<string, Token>;
  apps: App[];
  oauthApps: OauthApp[];
  /** By lower-case `owner/name`. */
  repositories: Map<string, Repository>;
  /** Former lower-case `owner/name` to the repository of today. */
  renamed: Map<string, Repository>;
  gists: Gist[];
  anonymousLimits: LimitsInput;
  /** Hands out ids for the objects that writes create. */
  ids: IdSource;
}

export interface IdSource {
  /** A number that is stable for the same kind and key. */
  named(kind: string, key: string): number;
  /** A number that grows with time within its kind. */
  timed(kind: string, at: string): number;
  /** Keeps an explicit id from being handed out again. */
  take(kind: string, id: number): number;
}
