/** People and bots as gh shows them (api/queries_issue.go Author, api/queries_pr.go Owner). */
import { NativeRequired } from "../../reader.ts";
import type { Context } from "../context.ts";
import { HtmlEscaped } from "../output/json-encode.ts";
import type { Reads } from "../reads/reads.ts";
import { type RestUser, told } from "./schemas.ts";

/** An account in GraphQL's form. */
interface QueriedActor {
  readonly login: string;
  readonly id?: string | undefined;
  readonly name?: string | null | undefined;
}

/** The id of the account that stands in REST for deleted ones; GraphQL has no author there. */
const ghostId = 10137;

/** Whether the account is gone. */
export function isGone(user: RestUser | null): user is null {
  return user === null || user.id === ghostId || user.login === "ghost";
}

/** The login GraphQL knows: no `[bot]`, empty for a deleted account. */
export function loginOf(user: RestUser | null): string {
  if (isGone(user)) return "";
  if (user.type !== "Bot") return user.login;
  // Some of GitHub's own bots have one login in REST (`Copilot`) and another in GraphQL (`copilot-swe-agent`).
  if (!user.login.endsWith("[bot]")) throw new NativeRequired(`the bot ${user.login} has another name for gh`);
  return user.login.slice(0, -"[bot]".length);
}

/** User, Bot, Organization, Mannequin. */
export function typeOf(user: RestUser): string {
  return told(user.type, "the type of an account");
}

function nodeId(user: RestUser): string {
  return told(user.node_id, "the id of an account");
}

/** An actor in JSON: a user with id and name; gh treats every other one as an app. */
export async function exportActor(user: RestUser | null, reads: Reads): Promise<object> {
  if (isGone(user) || typeOf(user) !== "User") return asApp(loginOf(user));
  return asPerson({ id: nodeId(user), login: user.login, name: await reads.userName(user.login) });
}

/** The same, from GraphQL: only a user's id was asked for. */
export function exportQueriedActor(actor: QueriedActor | null): object {
  if (actor?.id === undefined) return asApp(actor?.login ?? "");
  return asPerson({ id: actor.id, login: actor.login, name: actor.name ?? "" });
}

function asApp(login: string): object {
  return { is_bot: true, login: `app/${login}` };
}

function asPerson({ id, login, name }: { readonly id: string; readonly login: string; readonly name: string }): object {
  return new HtmlEscaped({ id, is_bot: false, login, name });
}

/** An assignee in JSON. */
export async function exportAssignee(user: RestUser, { reads, gh }: Context): Promise<object> {
  const id = gh.has("assigneeIds") ? { databaseId: user.id } : {};
  return { id: nodeId(user), login: user.login, name: await reads.userName(user.login), ...id };
}

/** An account in a preview: later versions of gh print the name of a person, too. */
export async function shownName(user: RestUser | null, { reads, gh }: Context): Promise<string> {
  const login = loginOf(user);
  if (!gh.has("peoplesNames") || isGone(user) || typeOf(user) !== "User") return login;
  const name = await reads.userName(user.login);
  return name === "" ? login : `${login} (${name})`;
}

/** Several, as a preview lists them. */
export async function shownNames(users: readonly RestUser[], context: Context): Promise<string> {
  return (await Promise.all(users.map((user) => shownName(user, context)))).join(", ");
}

/** The owner of a head repository in JSON: organisations and the nameless have no `name`. */
export async function exportOwner(user: RestUser | null, reads: Reads): Promise<object> {
  if (isGone(user)) return { login: "" };
  const name = typeOf(user) === "User" ? await reads.userName(user.login) : "";
  return asOwner({ id: nodeId(user), login: user.login, name });
}

/** The same, from GraphQL. */
export function exportQueriedOwner(owner: QueriedActor | null): object {
  return owner === null ? { login: "" } : asOwner(owner);
}

function asOwner({ id, login, name }: QueriedActor): object {
  return { id, ...(name && { name }), login };
}

/** gh turns `--app NAME` into `--author app/NAME`. */
export function authorOf(flags: { readonly app: string; readonly author: string }): { app: string; author: string } {
  const { app, author } = flags;
  return app === "" && author.startsWith("app/") ? { app: author.slice("app/".length), author: "" } : { app, author };
}

const people = ["assignee", "author", "mention"] as const;

/** Flags in which `@me`, where gh and GitHub read it so, is the login of the caller. */
export async function withoutMe<T extends Partial<Record<(typeof people)[number], string>>>(
  flags: T,
  { reads }: Context,
): Promise<T> {
  const named = people.filter((name) => flags[name] === "@me");
  if (named.length === 0) return flags;
  const login = await reads.viewerLogin();
  return { ...flags, ...Object.fromEntries(named.map((name) => [name, login])) };
}

/** GitHub's search reads other forms in its own way. */
export function requirePlainLogin(login: string, context: Context): void {
  if (login !== "" && !/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/.test(login)) context.native(`user ${login}`);
}
