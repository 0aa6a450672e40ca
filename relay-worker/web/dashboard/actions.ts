/** An operator's actions on the dashboard: the operator's API's own functions, each behind a confirmation. */
import * as z from "zod";
import { nameSchema, patchIdentitySchema } from "../../../shared/admin.ts";
import { OctopoolError } from "../../../shared/errors.ts";
import { findCaller, patchCaller } from "../../admin/callers.ts";
import { listIdentities, patchIdentity } from "../../admin/identities.ts";
import { purgeCache, requirePurge } from "../../admin/pools.ts";
import type { ChangeContext } from "../../audit/changes.ts";
import type { RelayContext } from "../../context.ts";
import { parseInput } from "../../http/input.ts";
import type { WebSession } from "../sessions.ts";
import { figure } from "./format.ts";

/** Fields of the form, as text. */
export type Input = Readonly<Record<string, string>>;

export interface Confirmation {
  readonly title: string;
  /** The effects of the action, and its limits. */
  readonly explanation: string;
  readonly button: string;
  /** Asks for the weight as well. */
  readonly weight?: string;
}

interface Action {
  /** @throws OctopoolError when the object of the action does not exist. */
  readonly confirm: (context: RelayContext, input: Input, by: WebSession) => Promise<Confirmation>;
  /** Makes the change with its row in the audit trail; returns the message about it. */
  readonly run: (context: ChangeContext, input: Input) => Promise<string>;
}

const target = z.object({ pool: nameSchema, id: z.string().min(1) });

const switchIdentity = (disabled: boolean): Action => ({
  confirm: async (context, input) => {
    const { id, pool } = await identityOf(context, input);
    return disabled
      ? {
          title: `Disable the identity ${id}?`,
          explanation: `The pool ${pool} stops using its rate limit, everywhere within 30 seconds. Nothing is lost: it can be enabled again.`,
          button: "Disable",
        }
      : {
          title: `Enable the identity ${id}?`,
          explanation: `The pool ${pool} uses its rate limit again, everywhere within 30 seconds.`,
          button: "Enable",
        };
  },
  run: async (context, input) => {
    const { pool, id } = parseInput(target, input);
    await patchIdentity(context, pool, id, { disabled });
    return `${id} is ${disabled ? "disabled" : "enabled"}.`;
  },
});

const switchCaller = (disabled: boolean): Action => ({
  confirm: async (context, input, by) => {
    const caller = await findCaller(context, parseInput(target, input).id);
    const self =
      caller.id === by.callerId
        ? "This is you: you will be signed out, and only another operator can let you in again. "
        : "";
    return disabled
      ? {
          title: `Disable ${caller.github_login}?`,
          explanation: `${self}Their tokens stop working in every pool, everywhere within 30 seconds, and their browser sessions end. Their gh goes on with their own credentials.`,
          button: "Disable",
        }
      : {
          title: `Enable ${caller.github_login}?`,
          explanation: "Their tokens work again, everywhere within 30 seconds.",
          button: "Enable",
        };
  },
  run: async (context, input) => {
    const { github_login: login } = await patchCaller(context, parseInput(target, input).id, { disabled });
    return `${login} is ${disabled ? "disabled" : "enabled"}.`;
  },
});

const weighIdentity: Action = {
  confirm: async (context, input) => {
    const { id, weight } = await identityOf(context, input);
    return {
      title: `Change the weight of ${id}?`,
      explanation: "Among equally healthy identities, one of weight 2 takes twice the traffic of one of weight 1.",
      button: "Change",
      weight: String(weight),
    };
  },
  run: async (context, input) => {
    const { pool, id } = parseInput(target, input);
    // A number as the form's own field takes it; any other text is refused.
    const plain = /^\d{1,4}(\.\d{1,2})?$/.test(input.weight ?? "");
    const { weight = 0 } = parseInput(patchIdentitySchema, { weight: plain ? Number(input.weight) : Number.NaN });
    await patchIdentity(context, pool, id, { weight });
    return `${id} has the weight ${weight}.`;
  },
};

const purge: Action = {
  confirm: async (_context, input) => {
    const { what } = purgeOf(input);
    return {
      title: `Purge ${what}?`,
      explanation:
        "The next reads of it ask GitHub again. Copies in every data centre stop counting within 30 seconds.",
      button: "Purge",
    };
  },
  run: async (context, input) => {
    const { pool, purge, what } = purgeOf(input);
    const { entries_deleted: gone } = await purgeCache(context, pool, purge);
    return `${what} is purged: ${figure(gone)} entries.`;
  },
};

export const actions = {
  "identity.disable": switchIdentity(true),
  "identity.enable": switchIdentity(false),
  "identity.weight": weighIdentity,
  "caller.disable": switchCaller(true),
  "caller.enable": switchCaller(false),
  "cache.purge": purge,
} as const satisfies Record<string, Action>;

type ActionName = keyof typeof actions;

/** @throws OctopoolError not_found */
export function actionOf(name: string): Action {
  const found = Object.entries(actions).find(([each]) => each === name)?.[1];
  if (!found) throw new OctopoolError("not_found", "There is no such action.");
  return found;
}

export const actionRoute = "/dashboard/actions/:action";
export const actionPath = (name: ActionName): string => actionRoute.replace(":action", name);

export function actionHref(name: ActionName, input: Input): string {
  return `${actionPath(name)}?${new URLSearchParams(input)}`;
}

async function identityOf(context: RelayContext, input: Input) {
  const { pool, id } = parseInput(target, input);
  const [identity] = await listIdentities(context, pool, id);
  if (identity) return identity;
  throw new OctopoolError("not_found", `The pool "${pool}" has no identity "${id}".`);
}

function purgeOf(input: Input) {
  const pool = parseInput(nameSchema, input.pool);
  const purge = requirePurge({ repo: input.repo?.trim() || undefined, route: input.route || undefined });
  return { pool, purge, what: purge.repo ? `the repository ${purge.repo}` : `the route ${purge.route}` };
}
