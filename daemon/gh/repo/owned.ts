/** The repositories of an owner, latest push first: the public ones, or those that the caller sees. */
import * as z from "zod";
import type { Context } from "../context.ts";
import type { ReadQuery } from "../reads/options.ts";
import { type RestRepository, repositorySchema } from "./model.ts";

/** Repositories with the login of their owner, as GitHub spells it. */
export interface OwnedList {
  readonly login: string;
  readonly repositories: readonly RestRepository[];
}

const accountSchema = z.looseObject({ login: z.string(), type: z.string() });
const viewer = "repositories that only some may see";
const byPush: ReadQuery = [
  ["sort", "pushed"],
  ["direction", "desc"],
];

/** Those that every caller sees. */
export async function readPublic(context: Context, owner: string): Promise<OwnedList> {
  const { login, type } = await context.reads.get(`/users/${owner}`, accountSchema);
  const organization = type === "Organization";
  const repositories = await list(context, organization ? `/orgs/${login}/repos` : `/users/${login}/repos`, {
    query: [["type", organization ? "public" : "owner"]],
  });
  if (repositories.some((repository) => repository.private)) {
    context.native("a private repository among the public ones");
  }
  return { login, repositories };
}

/** Those that the caller sees; an empty `owner` is the caller. */
export async function readVisible(context: Context, owner: string): Promise<OwnedList> {
  const self = await context.reads.viewerLogin();
  const { login, type } =
    owner === "" || owner.toLowerCase() === self.toLowerCase()
      ? { login: self, type: "Self" }
      : await context.reads.get(`/users/${owner}`, accountSchema);
  const ofOwner = ({ owner: { login: whose } }: RestRepository) => whose === login;
  if (type === "Self") {
    const own = await list(context, "/user/repos", { query: [["affiliation", "owner"]], viewer });
    return { login, repositories: own.filter(ofOwner) };
  }
  const organization = type === "Organization";
  const [open, shared] = await Promise.all([
    organization
      ? list(context, `/orgs/${login}/repos`, { query: [["type", "all"]], viewer })
      : list(context, `/users/${login}/repos`, { query: [["type", "owner"]], viewer }),
    // The lists above need not hold repositories that the caller was invited to.
    list(context, "/user/repos", { query: [["affiliation", "collaborator"]], viewer }),
  ]);
  const known = new Set(open.map(({ id }) => id));
  const further = shared.filter((repository) => ofOwner(repository) && !known.has(repository.id));
  return { login, repositories: further.length === 0 ? open : merged(open, further, context) };
}

/** In the order of their last push; the order within one second is undefined. */
function merged(one: readonly RestRepository[], other: readonly RestRepository[], context: Context) {
  const pushed = ({ pushed_at }: RestRepository) =>
    Date.parse(pushed_at ?? context.native("a repository without a push"));
  return [...one, ...other].sort((a, b) => pushed(b) - pushed(a));
}

function list(context: Context, path: string, { query, viewer: reason }: { query: ReadQuery; viewer?: string }) {
  return context.reads.list(path, repositorySchema, {
    query: [...query, ...byPush],
    identity: ({ id }) => id,
    viewer: reason,
  });
}
