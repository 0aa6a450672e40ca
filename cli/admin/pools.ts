/** `octopool admin pool …` and `octopool admin cache purge`. */
import {
  type PolicyAnswer,
  policyAnswerSchema,
  policyPatchSchema,
  poolListSchema,
  purgeAnswerSchema,
} from "../../shared/admin.ts";
import { OctopoolError } from "../../shared/errors.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { printJson } from "../output/json.ts";
import { alignRows } from "../output/table.ts";
import { humanText, plural } from "../output/text.ts";
import type { Style } from "../style.ts";
import { type AdminSession, openSession } from "./operator.ts";
import { validated } from "./validated.ts";

const policyPath = ({ pool }: AdminSession) => `/pools/${encodeURIComponent(pool)}/policy`;

/** The switches of a policy, by option. */
const switches = ["allow-public-repos", "allow-logs", "allow-search"] as const;

export async function listPools(context: CommandContext): Promise<undefined> {
  const { io, input } = context;
  const session = await openSession(context);
  const { pools } = await session.ask({ path: "/pools" }, poolListSchema);
  if (input.flag("json")) return printJson(io.stdout, pools).then(() => undefined);
  const { style } = io.stdout;
  const rows = pools.map((pool) => [
    style.bold(humanText(pool.pool)),
    { text: String(pool.identities), align: "right" as const },
    String(pool.policy_version),
    style.dim(humanText(pool.created_at.slice(0, 10))),
  ]);
  const head = ["POOL", "IDENTITIES", "POLICY", "CREATED (UTC)"].map(style.dim);
  await io.stdout.write(rows.length === 0 ? "" : `${alignRows([head, ...rows]).join("\n")}\n`);
}

export async function showPolicy(context: CommandContext): Promise<undefined> {
  const { io, input } = context;
  const session = await openSession(context);
  const answer = await session.ask({ path: policyPath(session) }, policyAnswerSchema);
  if (input.flag("json")) return printJson(io.stdout, answer).then(() => undefined);
  await io.stdout.write(`${policyLines(answer, io.stdout.style).join("\n")}\n`);
}

/** Changes the named members and keeps the others. */
export async function setPolicy(context: CommandContext): Promise<undefined> {
  const { io, input } = context;
  const owners = input.list("allowed-owner");
  const gates = input.text("gates");
  const change = {
    ...(owners.length > 0 ? { allowed_owners: owners } : {}),
    ...(input.flag("no-owners") ? { allowed_owners: [] } : {}),
    ...Object.fromEntries(switches.flatMap((name) => switchOf(input, name))),
    ...(gates === undefined ? {} : { gates }),
  };
  if (Object.keys(change).length === 0)
    throw new OctopoolError("usage", "Nothing to change was named.", {
      hint: "Name --allowed-owner, --no-owners, --allow-public-repos, --allow-logs, --allow-search or --gates.",
    });
  const body = validated(policyPatchSchema, change);
  const session = await openSession(context);
  const answer = await session.ask({ method: "PATCH", path: policyPath(session), body }, policyAnswerSchema);
  if (input.flag("json")) return printJson(io.stdout, answer).then(() => undefined);
  await io.stdout.write(`${policyLines(answer, io.stdout.style).join("\n")}\n`);
}

export async function purgeCache(context: CommandContext): Promise<undefined> {
  const { io, input } = context;
  const [repo, route] = [input.text("repo"), input.text("route")];
  if (repo !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(repo))
    throw new OctopoolError("usage", `--repo ${repo} is not a repository.`, { hint: "Write --repo owner/name." });
  if ((repo === undefined) === (route === undefined))
    throw new OctopoolError("usage", "Name either --repo or --route.", {
      hint: "For example --repo owner/name, or --route pr_view.",
    });
  const session = await openSession(context);
  const query = new URLSearchParams(repo === undefined ? { route: route ?? "" } : { repo });
  const path = `/pools/${encodeURIComponent(session.pool)}/cache?${query}`;
  const answer = await session.ask({ method: "DELETE", path }, purgeAnswerSchema);
  if (input.flag("json")) return printJson(io.stdout, answer).then(() => undefined);
  const deleted = plural(answer.entries_deleted, "entry", "entries");
  await io.stdout.write(
    `${io.stdout.style.good("✓")} Purged ${deleted} of ${humanText(repo ?? route ?? "")} from pool ${humanText(answer.pool)}\n`,
  );
}

function switchOf(input: CommandInput, name: (typeof switches)[number]): readonly (readonly [string, boolean])[] {
  const value = input.text(name);
  return value === undefined ? [] : [[name.replaceAll("-", "_"), value === "on"]];
}

function policyLines({ pool, version, policy }: PolicyAnswer, style: Style): readonly string[] {
  const say = (allowed: boolean) => (allowed ? style.good("on") : style.warn("off"));
  const owners = policy.allowed_owners.map(humanText).join(", ");
  return [
    `Policy ${version} of pool ${style.bold(humanText(pool))}`,
    ...alignRows([
      ["  owners", owners === "" ? style.warn("none") : owners],
      ["  public repositories", say(policy.allow_public_repos)],
      ["  run logs", say(policy.allow_logs)],
      ["  search", say(policy.allow_search)],
      ["  gates", policy.gates ?? "ask"],
    ]),
  ];
}
