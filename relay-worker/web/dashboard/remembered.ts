/** The parts of a dashboard that an isolate keeps for a moment. */
import type { Dashboard } from "../../../shared/dashboard.ts";
import type { Use } from "../../audit/dimensions.ts";

export interface CallerList {
  readonly ids: readonly string[];
  readonly total: number;
  readonly use: ReadonlyMap<string, Use>;
}

type Counted = Pick<Dashboard, "since" | "until" | "stats" | "timeline" | "sources" | "cache">;

export interface Aggregate extends Counted {
  readonly callers: CallerList;
  readonly verdicts: Readonly<Record<string, number>>;
}
