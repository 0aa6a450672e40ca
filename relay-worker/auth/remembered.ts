/** One isolate's memory of callers. */
import { bounded } from "../../shared/bounded.ts";
import type { OctopoolError } from "../../shared/errors.ts";
import { memoryPart, type Remembered } from "../memory.ts";
import type { CallerAuth } from "./caller-auth.ts";

/** By token hash and pool. */
export const rememberedCallers = memoryPart(
  () => bounded<Remembered<CallerAuth>>(1000),
  (callers) => callers.clear(),
);

/**
 * The reason why a membership was not proven, and the time before which GitHub is not asked again (ms since the epoch).
 */
interface Unproven {
  readonly error: OctopoolError;
  readonly until: number;
}

/** Callers whose membership could not be proven a moment ago, by their id. */
export const unprovenCallers = memoryPart(() => bounded<Unproven>(1000));
