import { createIds, nodeId } from "./ids.ts";
import type { Account, AccountType, Actor, IdSource, Reactions } from "./model.ts";
import type { UserInput } from "./schema.ts";

/** The shared state of all builders: ids, derived times and the accounts met so far. */
export interface BuildContext {
  ids: IdSource;
  now: string;
  accounts: Map<string, Account>;
  /** The account of a login; an undeclared one is created. */
  account(login: string): Account;
  /** As `account`, but `null` without a login and for deleted accounts. */
  actor(login: string | null | undefined): Actor;
  reactions(input: Partial<Record<keyof Reactions, string[]>>): Reactions;
  /** `seconds` after `from`, never later than the world's now. */
  after(from: string, seconds: number): string;
}

const reactionContents = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"] as const;

export function createContext(now: string): BuildContext {
  const context: BuildContext = {
    ids: createIds(),
    now,
    accounts: new Map(),
    account: (login) => context.accounts.get(login.toLowerCase()) ?? declare(context, { login }),
    actor: (login) => {
      if (login === null || login === undefined) return null;
      const account = context.account(login);
      return account.deleted ? null : account;
    },
    reactions: (input) => {
      const result: Reactions = {};
      for (const content of reactionContents) {
        const logins = input[content];
        if (logins) result[content] = logins.map(context.account);
      }
      return result;
    },
    after: (from, seconds) => earliest(shift(from, seconds), now),
  };
  return context;
}

/** Adds an account; the ids and dates of one that is only mentioned follow from its login. */
export function declare(
  context: BuildContext,
  input: Partial<UserInput> & { login: string },
  type: AccountType = input.type ?? (input.login.endsWith("[bot]") ? "Bot" : "User"),
): Account {
  const id = input.id ? context.ids.take("account", input.id) : context.ids.named("account", input.login.toLowerCase());
  const created_at = input.created_at ?? shift("2015-01-01T00:00:00Z", (id % 3000) * 86_400);
  const account: Account = {
    id,
    node_id: nodeId(type === "Organization" ? "O" : type === "Bot" ? "BOT" : "U", id),
    login: input.login,
    type,
    name: input.name ?? null,
    company: input.company ?? null,
    blog: input.blog ?? "",
    location: input.location ?? null,
    email: input.email ?? null,
    bio: input.bio ?? null,
    twitter_username: input.twitter_username ?? null,
    hireable: input.hireable ?? null,
    site_admin: input.site_admin ?? false,
    deleted: input.deleted ?? false,
    followers: input.followers ?? [],
    keys: (input.keys ?? []).map((key) => ({ id: key.id ?? context.ids.named("key", key.key), key: key.key })),
    gpg_keys: (input.gpg_keys ?? []).map((key) => ({ id: key.id ?? context.ids.named("key", key.key), key: key.key })),
    created_at,
    updated_at: input.updated_at ?? created_at,
    limits: input.limits ?? {},
    app_slug: type === "Bot" ? input.login.replace(/\[bot\]$/, "") : null,
  };
  context.accounts.set(account.login.toLowerCase(), account);
  return account;
}

function shift(from: string, seconds: number): string {
  return instantOf(Date.parse(from) + seconds * 1000);
}

/** Milliseconds since 1970 as GitHub prints times. */
export function instantOf(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function earliest(...times: string[]): string {
  return times.reduce((a, b) => (a < b ? a : b));
}

export function latest(...times: (string | null | undefined)[]): string {
  return times.reduce<string>((a, b) => (b && b > a ? b : a), "");
}

/** An explicit id, or one that grows with time. */
export function timedId(context: BuildContext, kind: string, explicit: number | undefined, at: string): number {
  return explicit ? context.ids.take(kind, explicit) : context.ids.timed(kind, at);
}

/** An explicit id, or one that follows from the key. */
export function namedId(context: BuildContext, kind: string, explicit: number | undefined, key: string): number {
  return explicit ? context.ids.take(kind, explicit) : context.ids.named(kind, key);
}
