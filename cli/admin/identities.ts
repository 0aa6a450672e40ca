/** `octopool admin identity …`: the identities whose rate limits a pool uses. */
import {
  type AdminIdentity,
  type IdentityScope,
  identityAnswerSchema,
  identityListSchema,
  patchIdentitySchema,
  upsertIdentitySchema,
} from "../../shared/admin.ts";
import { OctopoolError } from "../../shared/errors.ts";
import type { CommandContext } from "../command.ts";
import { printJson } from "../output/json.ts";
import { alignRows } from "../output/table.ts";
import { humanText } from "../output/text.ts";
import { confirmation } from "./confirm.ts";
import { type AdminSession, openSession } from "./operator.ts";
import { numberOf, validated } from "./validated.ts";

const identitiesPath = ({ pool }: AdminSession) => `/pools/${encodeURIComponent(pool)}/identities`;

/** Replaces an identity of the same id, its scopes included. */
export async function addIdentity(context: CommandContext): Promise<undefined> {
  const { io, input } = context;
  refuseSecrets(input.text("secret-ref"));
  const installation = numberOf("--installation-id", input.text("installation-id"));
  const weight = numberOf("--weight", input.text("weight"));
  const allowPrivate = input.flag("private-scopes");
  const body = validated(upsertIdentitySchema, {
    id: input.argument(0) ?? input.text("id") ?? "",
    kind: input.text("kind") ?? "pat",
    login: input.text("login") ?? "",
    secret_ref: input.text("secret-ref") ?? "",
    ...(installation === undefined ? {} : { installation_id: installation }),
    scopes: input.list("scope").map((scope) => scopeOf(scope, allowPrivate)),
    ...(weight === undefined ? {} : { weight }),
  });
  const session = await openSession(context);
  const answer = await session.ask({ method: "POST", path: identitiesPath(session), body }, identityAnswerSchema);
  const { identity } = answer;
  if (answer.secret_missing) {
    const secret = humanText(identity.secret_ref);
    await io.stderr.write(
      `${io.stderr.style.warn("!")} The Worker has no secret ${secret}; until it has, this identity answers nothing: \`wrangler secret put ${secret}\`\n`,
    );
  }
  if (input.flag("json")) return printJson(io.stdout, identity).then(() => undefined);
  await say(context, `${humanText(identity.id)} serves pool ${humanText(identity.pool)}: ${scopesText(identity)}`);
}

export async function listIdentities(context: CommandContext): Promise<undefined> {
  const { io, input } = context;
  const session = await openSession(context);
  const { identities } = await session.ask({ path: identitiesPath(session) }, identityListSchema);
  if (input.flag("json")) return printJson(io.stdout, identities).then(() => undefined);
  if (identities.length === 0) {
    await io.stderr.write(`Pool ${session.pool} has no identities.\n`);
    return;
  }
  const { style } = io.stdout;
  const rows = identities.map((identity) => [
    style.bold(humanText(identity.id)),
    identity.kind === "pat" ? "token" : `app ${identity.installation_id ?? ""}`.trim(),
    humanText(identity.login),
    scopesText(identity),
    identity.weight === 1 ? "" : `×${identity.weight}`,
    identity.disabled ? style.bad("disabled") : style.good("enabled"),
    style.dim(humanText(identity.secret_ref)),
  ]);
  const head = ["ID", "KIND", "LOGIN", "SCOPES", "WEIGHT", "STATE", "SECRET"].map(style.dim);
  await io.stdout.write(`${alignRows([head, ...rows]).join("\n")}\n`);
}

export async function setIdentityDisabled(context: CommandContext, disabled: boolean): Promise<undefined> {
  const identity = await patch(context, { disabled });
  await say(context, `${humanText(identity.id)} is ${disabled ? "disabled" : "enabled"}`);
}

export async function setIdentityWeight(context: CommandContext): Promise<undefined> {
  const identity = await patch(context, { weight: numberOf("The weight", context.input.argument(1)) });
  await say(context, `${humanText(identity.id)} has weight ${identity.weight}`);
}

/** For an identity that will not return; disable one that may. */
export async function removeIdentity(context: CommandContext): Promise<undefined> {
  const ask = confirmation(context);
  const id = context.input.argument(0) ?? "";
  const session = await openSession(context);
  const pool = humanText(session.pool);
  await ask(`Remove ${humanText(id)} from pool ${pool}? Its scopes and weight are lost; disabling keeps them.`);
  const path = `${identitiesPath(session)}/${encodeURIComponent(id)}`;
  const { identity } = await session.ask({ method: "DELETE", path }, identityAnswerSchema);
  const secret = humanText(identity.secret_ref);
  await say(
    context,
    `${humanText(id)} no longer serves pool ${pool}; the Worker keeps the secret ${secret}: \`wrangler secret delete ${secret}\``,
  );
}

async function patch(context: CommandContext, change: unknown): Promise<AdminIdentity> {
  const body = validated(patchIdentitySchema, change);
  const session = await openSession(context);
  const path = `${identitiesPath(session)}/${encodeURIComponent(context.input.argument(0) ?? "")}`;
  return (await session.ask({ method: "PATCH", path, body }, identityAnswerSchema)).identity;
}

/** `owner`, `owner/repo` or `*`. */
function scopeOf(text: string, allowPrivate: boolean): IdentityScope {
  const [owner = "", repo, ...rest] = text.split("/");
  if (rest.length > 0 || repo === "")
    throw new OctopoolError("usage", `--scope ${text} is neither an owner nor owner/repo.`, {
      hint: "Write --scope owner, --scope owner/repo, or --scope '*' for any public repository.",
    });
  return { owner, ...(repo === undefined ? {} : { repo }), ...(allowPrivate ? { allow_private: true } : {}) };
}

/** A token typed in place of its secret's name must not be sent, nor be stored as a name. */
function refuseSecrets(name: string | undefined): void {
  if (name === undefined || !/^(gh[pousr]_\w{20,}|github_pat_\w{20,})$/.test(name)) return;
  throw new OctopoolError("usage", "--secret-ref is the name of a Worker secret, and this looks like a token itself.", {
    hint: "Store it with `wrangler secret put NAME`, pass --secret-ref NAME, and revoke it: your shell's history has it.",
  });
}

function scopesText(identity: AdminIdentity): string {
  return identity.scopes
    .map(({ owner, repo }) => humanText(repo === null || repo === "" ? owner : `${owner}/${repo}`))
    .join(", ");
}

async function say({ io }: CommandContext, text: string): Promise<void> {
  await io.stdout.write(`${io.stdout.style.good("✓")} ${text}\n`);
}
