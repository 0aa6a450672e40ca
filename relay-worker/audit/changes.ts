/**
 * Operators' changes in the audit trail. The row goes into the batch that makes the change, so that D1 keeps both or
 * neither. Rows of requests may be lost with a batch; rows of operators' changes may not.
 */
import type { SQL } from "drizzle-orm";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { auditEvents } from "../db/schema.ts";
import type { OperatorAction } from "./list.ts";
import { auditRow } from "./row.ts";

/** The operator of a change; absent for the operator's token. */
interface Operator {
  readonly callerId: string;
  readonly clientName: string;
}

export interface ChangeContext extends RelayContext {
  readonly by?: Operator;
}

interface Change {
  readonly action: OperatorAction;
  readonly pool: string | null;
  readonly target: string | SQL;
  /** HTTP status of the answer; 200 if absent. */
  readonly status?: number;
}

/** A statement for the change's own batch. */
export function changeRow({ deps, env, requestId, by }: ChangeContext, { action, pool, target, status = 200 }: Change) {
  const row = { ...auditRow(deps.clock(), action, requestId), ...by, pool, target, status };
  return database(env).insert(auditEvents).values(row);
}
