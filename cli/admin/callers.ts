/** `octopool admin caller …`: the people and bots that may read through the relay. */

import * as z from "zod";
import {
  type AdminCaller,
  callerListSchema,
  createCallerAnswerSchema,
  createCallerSchema,
  forgetCallerAnswerSchema,
  patchCallerSchema,
} from "../../shared/admin.ts";
import { OctopoolError } from "../../shared/errors.ts";
import type { CommandContext } from "../command.ts";
import { printJson } from "../output/json.ts";
import { alignRows } from "../output/table.ts";
import { duration, humanText, plural } from "../output/text.ts";
import { confirmation } from "./confirm.ts";
import { type AdminSession, openSession } from "./operator.ts";
import { validated } from "./validated.ts";

export async function addCaller(context: CommandContext): Promise<undefined> {
  const { io, input } = context;
  const session = await openSession(context);
  const body = validated(createCallerSchema, {
    pool: session.pool,
    github_login: input.argument(0) ?? input.text("github-login") ?? "",
    ...(input.text("name") === undefined ? {} : { name: input.text("name") }),
  });
  const answer = await session.ask({ method: "POST", path: "/callers", body }, createCallerAnswerSchema);
  const { style } = io.stderr;
  if (answer.replaced)
    await io.stderr.write(
      `${style.warn("!")} The caller's earlier token of the same name no longer works. Give each machine its own: --name\n`,
    );
  if (answer.caller.disabled)
    await io.stderr.write(`${style.warn("!")} The caller is disabled: its tokens work once it is enabled again.\n`);
  if (input.flag("json")) return printJson(io.stdout, answer).then(() => undefined);
  const unverified = answer.caller.github_user_id === null;
  await io.stderr.write(
    `${style.good("✓")} ${humanText(answer.caller.github_login)} may read through pool ${humanText(session.pool)} ` +
      `(caller ${humanText(answer.caller.id)}).\n${unverified ? notYetKnown(answer.caller) : ""}This token is shown only once:\n`,
  );
  // The token alone on stdout, so that it can be piped into a secret store.
  await io.stdout.write(`${answer.token}\n`);
}

/** The relay accepts the operator's login until its first check: a mistyped login stops working then. */
function notYetKnown(caller: AdminCaller): string {
  const login = humanText(caller.github_login);
  return (
    `  The relay has not seen this GitHub account yet. The token stops working a day after it was made,\n` +
    `  unless ${login} is an account that may log in; check the spelling: https://github.com/${login}\n`
  );
}

export async function listCallers(context: CommandContext): Promise<undefined> {
  const { io, input } = context;
  const session = await openSession(context);
  const callers = await allCallers(session, input.text("pool"));
  if (input.flag("json")) return printJson(io.stdout, callers).then(() => undefined);
  if (callers.length === 0) {
    await io.stderr.write("There are no callers.\n");
    return;
  }
  const { style } = io.stdout;
  const rows = callers.map((caller) => [
    style.bold(humanText(caller.github_login)),
    humanText(caller.id),
    humanText(caller.pools.join(", ")),
    caller.disabled ? style.bad("disabled") : plural(caller.tokens.length, "machine"),
    style.dim(lastUse(caller, io.now())),
  ]);
  await io.stdout.write(
    `${alignRows([["LOGIN", "ID", "POOLS", "STATE", "LAST USE"].map(style.dim), ...rows]).join("\n")}\n`,
  );
}

export async function setCallerDisabled(context: CommandContext, disabled: boolean): Promise<undefined> {
  const session = await openSession(context);
  const caller = await findCaller(session, context.input.argument(0) ?? "");
  const body = patchCallerSchema.parse({ disabled });
  await session.ask({ method: "PATCH", path: `/callers/${encodeURIComponent(caller.id)}`, body }, z.unknown());
  await say(
    context,
    `${humanText(caller.github_login)} is ${disabled ? "disabled: its tokens no longer work" : "enabled"}`,
  );
}

/** For a person who leaves, or a login that another account has now. */
export async function forgetCaller(context: CommandContext): Promise<undefined> {
  const ask = confirmation(context);
  const session = await openSession(context);
  const caller = await findCaller(session, context.input.argument(0) ?? "");
  const account = `${humanText(caller.github_login)} (${humanText(caller.id)})`;
  const tokens = plural(caller.tokens.length, "token");
  await ask(`Forget ${account}? Its ${tokens} and browser sessions end, and the audit trail no longer names it.`);
  const path = `/callers/${encodeURIComponent(caller.id)}`;
  const { audit_events: events } = await session.ask({ method: "DELETE", path }, forgetCallerAnswerSchema);
  await say(context, `${account} is forgotten: ${tokens}, and its name in ${plural(events, "audit event")}`);
}

/** The dashboard opens for callers with the role, once they have signed in there. */
export async function setDashboardRole(context: CommandContext, role: "admin" | null): Promise<undefined> {
  const session = await openSession(context);
  const caller = await findCaller(session, context.input.argument(0) ?? "");
  const body = patchCallerSchema.parse({ dashboard_role: role });
  await session.ask({ method: "PATCH", path: `/callers/${encodeURIComponent(caller.id)}`, body }, z.unknown());
  const login = humanText(caller.github_login);
  await say(context, role === "admin" ? `${login} may use the dashboard` : `${login} may no longer use the dashboard`);
}

/** One machine's token, or all of the caller's. */
export async function revokeTokens(context: CommandContext): Promise<undefined> {
  const { input } = context;
  const session = await openSession(context);
  const caller = await findCaller(session, input.argument(0) ?? "");
  const client = input.text("client");
  const tokens = caller.tokens.filter((token) => client === undefined || token.client_name === client);
  if (tokens.length === 0)
    throw new OctopoolError(
      "not_found",
      client === undefined
        ? `${humanText(caller.github_login)} has no tokens.`
        : `${humanText(caller.github_login)} has no token for a machine named ${client}.`,
      { hint: `It has: ${caller.tokens.map((token) => humanText(token.client_name)).join(", ") || "none"}.` },
    );
  for (const token of tokens) {
    const path = `/callers/${encodeURIComponent(caller.id)}/tokens/${encodeURIComponent(token.id)}`;
    await session.ask({ method: "DELETE", path }, z.unknown());
  }
  const names = tokens.map((token) => humanText(token.client_name)).join(", ");
  await say(context, `Revoked ${plural(tokens.length, "token")} of ${humanText(caller.github_login)}: ${names}`);
}

/** By id, or by GitHub login where only one caller has it. */
async function findCaller(session: AdminSession, name: string): Promise<AdminCaller> {
  const callers = await allCallers(session, undefined);
  const byId = callers.find((caller) => caller.id === name);
  if (byId !== undefined) return byId;
  const [match, ...others] = callers.filter((caller) => caller.github_login.toLowerCase() === name.toLowerCase());
  if (match !== undefined && others.length === 0) return match;
  throw new OctopoolError(
    "not_found",
    match === undefined ? `There is no caller ${name}.` : `Several callers have the login ${name}.`,
    { hint: "Name its id; `octopool admin caller list` shows it." },
  );
}

/** Every page of them. */
export async function allCallers(session: AdminSession, pool: string | undefined): Promise<readonly AdminCaller[]> {
  const callers: AdminCaller[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: "100", ...(pool && { pool }), ...(cursor !== null && { cursor }) });
    const page: z.infer<typeof callerListSchema> = await session.ask({ path: `/callers?${query}` }, callerListSchema);
    callers.push(...page.callers);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return callers;
}

function lastUse(caller: AdminCaller, now: number): string {
  const used = caller.tokens.flatMap(({ last_used_at: at }) => (at === null ? [] : [Date.parse(at)]));
  const latest = Math.max(...used);
  return Number.isFinite(latest) ? `${duration((now - latest) / 1000)} ago` : "never";
}

async function say({ io }: CommandContext, text: string): Promise<void> {
  await io.stdout.write(`${io.stdout.style.good("✓")} ${text}\n`);
}
