/** Options that all suites of Vitest have in common. */
import { availableParallelism } from "node:os";

/**
 * The limits of every suite. No limit of a single test is a rule about speed: a busy machine gets this many ms for work
 * of one second.
 */
export const timeouts = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } };

/**
 * One more than the cores: tests that start programs wait for them. All projects say it, since one that does not runs
 * behind the others.
 */
export const maxWorkers = availableParallelism() + 1;
