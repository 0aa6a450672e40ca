/** The Worker's bindings and its settings, parsed once for each environment. */
import * as z from "zod";
import { parseAllowedUsers } from "../shared/allowed-users.ts";
import { unsettledSeconds } from "../shared/routes/index.ts";
import type { PoolCoordinator } from "./coordinator/coordinator.ts";
import type { RepoEvents } from "./marks/repo-events.ts";

/** The bindings of the runtime; secrets of identities are further members, by their `secret_ref`. */
export interface Env {
  readonly DB: D1Database;
  readonly POOL: DurableObjectNamespace<PoolCoordinator>;
  /** Keeps GitHub's events and sends them to machines; without it every answer lives as long as its kind allows. */
  readonly EVENTS?: DurableObjectNamespace<RepoEvents>;
  /** Keeps logs of completed jobs; without it each reader costs GitHub two requests. */
  readonly LOGS?: R2Bucket;
  readonly [setting: string]: unknown;
}

const whole = (fallback: number) => z.coerce.number().int().positive().catch(fallback).default(fallback);
const word = (fallback: string) => z.string().default(fallback);
const origin = (fallback: string) =>
  z
    .url()
    .default(fallback)
    .transform((url) => url.replace(/\/+$/, ""));
/**
 * Browsers compare origins without a default port and in lower case; empty means none, and null that it is no origin.
 */
const originOrNull = z
  .string()
  .default("")
  .transform((url) => (url === "" ? "" : (URL.parse(url)?.origin ?? "null")))
  .transform((found) => (found === "null" ? null : found));
const secret = z
  .string()
  .optional()
  .transform((value) => (value === "" ? undefined : value));

const settingsSchema = z
  .object({
    ALLOWED_GITHUB_ORG: word(""),
    ALLOWED_GITHUB_USERS: word(""),
    DEFAULT_ALLOWED_OWNERS: word(""),
    DEFAULT_LOGIN_POOL: word("maintainers"),
    MAX_RESPONSE_BYTES: whole(2 * 1024 * 1024),
    REQUEST_TIMEOUT_MS: whole(15_000),
    ORG_VERIFY_TTL_SECONDS: whole(86_400),
    PUBLIC_REPO_TTL_SECONDS: whole(30),
    PUBLIC_REPO_NEGATIVE_TTL_SECONDS: whole(3600),
    UNSETTLED_CI_SECONDS: whole(unsettledSeconds),
    MAX_FILLS_PER_CLIENT: whole(32),
    MAX_FILLS_PER_CALLER: whole(64),
    GITHUB_API_URL: origin("https://api.github.com"),
    GITHUB_WEB_URL: origin("https://github.com"),
    DOCS_URL: word("").transform((url) => (/^https?:\/\/[^\s"<>]+$/.test(url) ? url.replace(/\/+$/, "") : "")),
    GITHUB_OAUTH_CLIENT_ID: word(""),
    GITHUB_OAUTH_CALLBACK_ORIGIN: originOrNull,
    OCTOPOOL_ADMIN_TOKEN: secret,
    OCTOPOOL_GITHUB_ORG_TOKEN: secret,
    OCTOPOOL_GITHUB_APP_ID: z.coerce.string().optional(),
    GITHUB_OAUTH_CLIENT_SECRET: secret,
    OCTOPOOL_PROXY_SECRET: secret,
    OCTOPOOL_LOOPBACK_ONLY: z
      .string()
      .optional()
      .transform((value) => value === "1"),
    OCTOPOOL_WEBHOOK_SECRET: secret,
    OCTOPOOL_WEBHOOK_SECRET_PREVIOUS: secret,
  })
  .transform((vars) => ({
    allowedOrg: vars.ALLOWED_GITHUB_ORG,
    allowedUsers: parseAllowedUsers(vars.ALLOWED_GITHUB_USERS),
    defaultAllowedOwners: vars.DEFAULT_ALLOWED_OWNERS.split(",")
      .map((owner) => owner.trim())
      .filter((owner) => owner !== ""),
    defaultPool: vars.DEFAULT_LOGIN_POOL,
    maxResponseBytes: vars.MAX_RESPONSE_BYTES,
    requestTimeoutMs: vars.REQUEST_TIMEOUT_MS,
    orgVerifyMs: vars.ORG_VERIFY_TTL_SECONDS * 1000,
    publicMs: vars.PUBLIC_REPO_TTL_SECONDS * 1000,
    notPublicMs: vars.PUBLIC_REPO_NEGATIVE_TTL_SECONDS * 1000,
    unsettledSeconds: vars.UNSETTLED_CI_SECONDS,
    maxFillsPerClient: vars.MAX_FILLS_PER_CLIENT,
    maxFillsPerCaller: vars.MAX_FILLS_PER_CALLER,
    githubApi: vars.GITHUB_API_URL,
    githubWeb: vars.GITHUB_WEB_URL,
    docsUrl: vars.DOCS_URL,
    oauthClientId: vars.GITHUB_OAUTH_CLIENT_ID,
    oauthCallbackOrigin: vars.GITHUB_OAUTH_CALLBACK_ORIGIN,
    oauthClientSecret: vars.GITHUB_OAUTH_CLIENT_SECRET,
    proxySecret: vars.OCTOPOOL_PROXY_SECRET,
    adminToken: vars.OCTOPOOL_ADMIN_TOKEN,
    orgToken: vars.OCTOPOOL_GITHUB_ORG_TOKEN,
    webhookSecrets: [vars.OCTOPOOL_WEBHOOK_SECRET, vars.OCTOPOOL_WEBHOOK_SECRET_PREVIOUS].filter(
      (each) => each !== undefined,
    ),
    githubAppId: vars.OCTOPOOL_GITHUB_APP_ID,
    /**
     * A relay on a person's own machine: other hosts are refused, and headers about an address or a scheme are ignored.
     */
    loopbackOnly: vars.OCTOPOOL_LOOPBACK_ONLY,
  }));

export type Settings = z.output<typeof settingsSchema>;

/** Vars and secrets that are the relay's own, by name. */
export const settingNames: ReadonlySet<string> = new Set(Object.keys(settingsSchema.in.shape));

const parsed = new WeakMap<Env, Settings>();

/** The settings of an environment, with their defaults. */
export function settingsOf(env: Env): Settings {
  const known = parsed.get(env);
  if (known) return known;
  const settings = settingsSchema.parse(env);
  parsed.set(env, settings);
  return settings;
}

/** Whether this relay takes GitHub's events, and so can send them to machines. */
export function takesEvents(env: Env): boolean {
  return env.EVENTS !== undefined && settingsOf(env).webhookSecrets.length > 0;
}
