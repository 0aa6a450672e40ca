/** The relay's one object of events, where it is bound. */
import type { RepoEvents } from "./repo-events.ts";

interface Binding {
  readonly EVENTS?: DurableObjectNamespace<RepoEvents>;
}

export function eventsOf({ EVENTS }: Binding): DurableObjectStub<RepoEvents> | undefined {
  return EVENTS?.get(EVENTS.idFromName("events"));
}
