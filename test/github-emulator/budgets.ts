import type { Viewer } from "./auth.ts";
import type { World } from "./world/model.ts";
import type { LimitsInput } from "./world/values.ts";

export type BudgetName = "core" | "search" | "code_search" | "graphql";

type Limits = Record<BudgetName, number>;

const hour = 3600;
const minute = 60;
const windows: Record<BudgetName, number> = { core: hour, search: minute, code_search: minute, graphql: hour };
export const forUsers: Limits = { core: 5000, search: 30, code_search: 10, graphql: 5000 };
export const forAnonymous: Limits = { core: 60, search: 10, code_search: 10, graphql: 0 };

interface Window {
  used: number;
  reset: number;
}

/** The budget as an answer's headers tell it. */
interface BudgetState {
  resource: BudgetName;
  limit: number;
  used: number;
  remaining: number;
  /** Seconds since 1970. */
  reset: number;
}

/** Primary budgets: one for each user over all their tokens, each installation, each address without credentials. */
export class EmulatedBudgets {
  readonly #windows = new Map<string, Window>();
  readonly #world: () => World;
  readonly #now: () => number;

  constructor(world: () => World, now: () => number) {
    this.#world = world;
    this.#now = now;
  }

  state(viewer: Viewer, resource: BudgetName): BudgetState {
    const limit = this.#limits(viewer)[resource];
    const window = this.#window(viewer, resource);
    const used = Math.min(window.used, limit);
    return { resource, limit, used, remaining: limit - used, reset: window.reset };
  }

  /** Takes `cost` from the budget; `false` when it is exhausted. */
  spend(viewer: Viewer, resource: BudgetName, cost = 1): boolean {
    if (this.state(viewer, resource).remaining < cost) return false;
    this.#window(viewer, resource).used += cost;
    return true;
  }

  /** Gives back the cost of a free answer (304 with credentials). */
  refund(viewer: Viewer, resource: BudgetName, cost = 1): void {
    const window = this.#window(viewer, resource);
    window.used = Math.max(0, window.used - cost);
  }

  /** Sets the rest, e.g. 0 to exhaust it; optionally when it comes back. */
  set(viewer: Viewer, resource: BudgetName, remaining: number, reset?: number): void {
    const window = this.#window(viewer, resource);
    window.used = this.#limits(viewer)[resource] - remaining;
    if (reset) window.reset = reset;
  }

  reset(): void {
    this.#windows.clear();
  }

  #window(viewer: Viewer, resource: BudgetName): Window {
    const key = `${owner(viewer)} ${resource}`;
    const now = this.#now() / 1000;
    const known = this.#windows.get(key);
    if (known && known.reset > now) return known;
    const fresh = { used: 0, reset: Math.floor(now) + windows[resource] };
    this.#windows.set(key, fresh);
    return fresh;
  }

  #limits(viewer: Viewer): Limits {
    if (viewer.kind === "user") return override(forUsers, viewer.account.limits);
    if (viewer.kind === "installation") return override(forUsers, viewer.installation.limits);
    if (viewer.kind === "app") return forUsers;
    return override(forAnonymous, this.#world().anonymousLimits);
  }
}

function override(limits: Limits, input: LimitsInput): Limits {
  return {
    core: input.core ?? limits.core,
    search: input.search ?? limits.search,
    code_search: input.code_search ?? limits.code_search,
    graphql: input.graphql ?? limits.graphql,
  };
}

/** Whose budget a viewer spends. */
export function owner(viewer: Viewer): string {
  if (viewer.kind === "user") return `user ${viewer.account.id}`;
  if (viewer.kind === "installation") return `installation ${viewer.installation.id}`;
  if (viewer.kind === "app") return `app ${viewer.app.id}`;
  return `address ${viewer.address}`;
}

export function resourceOf(path: string): BudgetName {
  if (path === "/search/code") return "code_search";
  if (path.startsWith("/search/")) return "search";
  return path === "/graphql" ? "graphql" : "core";
}

export function budgetHeaders(state: BudgetState): Record<string, string> {
  return {
    "x-ratelimit-limit": String(state.limit),
    "x-ratelimit-remaining": String(state.remaining),
    "x-ratelimit-reset": String(state.reset),
    "x-ratelimit-used": String(state.used),
    "x-ratelimit-resource": state.resource,
  };
}
