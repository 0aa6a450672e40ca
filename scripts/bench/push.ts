/**
 * The gain of events: how soon a machine knows of a change, GitHub's cost of watchers with events and without, and the
 * relay's cost of an event. The real Worker, its objects and D1, real daemons and sockets; GitHub is emulated.
 */
import type { BenchModule } from "./figures.ts";
import { measureMarks } from "./push/latency.ts";
import { tell, watchRun } from "./push/watching.ts";

export const run: BenchModule["run"] = async (options) => {
  const { say } = options;
  const marks = await measureMarks(options);
  const push = await watchRun(true);
  say(tell("with events", push));
  const poll = await watchRun(false);
  say(tell("without", poll));
  return {
    ...marks,
    watch_calls_push: push.calls / push.changes,
    watch_calls_poll: poll.calls / poll.changes,
  };
};
