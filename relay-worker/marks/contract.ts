/** The messages of the Worker to the object that keeps events. One call an event. */
import type { EventEvidence } from "../../shared/events/evidence.ts";
import type { Family, Lane } from "../../shared/events/families.ts";
import type { Tag } from "../../shared/events/tags.ts";

/** One delivery of GitHub's, as far as it matters. */
export interface TakenEvent {
  /** GitHub's id of the delivery; a redelivery has the same. */
  readonly guid: string;
  readonly family: Family;
  /** Absent where nothing that is kept has changed. */
  readonly mark?: TakenMark;
  /** The repository (`owner/name`) whose marks must be forgotten: it is not public any more. */
  readonly hidden?: string;
}

export interface TakenMark {
  /** `owner/name` in lower case, public by GitHub's word in this event. */
  readonly repository: string;
  readonly tags: readonly Tag[];
  readonly evidence?: EventEvidence;
  /** When it happened by the payload, ms since the epoch. */
  readonly happenedAt?: number;
}

/** A mark that is remembered. */
export interface RecentMark {
  readonly at: number;
  readonly tags: readonly Tag[];
  readonly evidence?: EventEvidence;
  readonly happenedAt?: number;
}

export interface EventsSnapshot {
  readonly now: number;
  readonly epoch: string;
  readonly seq: number;
  readonly sockets: number;
  readonly lanes: Partial<Record<Family, Lane>>;
  /** When the last delivery of any kind arrived; 0: none so far. */
  readonly lastDeliveryAt: number;
}

export interface RepoEventsApi {
  take(event: TakenEvent): Promise<void>;
  /** Marks of a repository that arrived at `since` or later and that carry evidence, oldest first. */
  recent(repository: string, since: number): Promise<readonly RecentMark[]>;
  snapshot(): Promise<EventsSnapshot>;
}

/** The connecting caller, as the Worker tells the object: see {@link listenerHeader}. */
export interface Listener {
  readonly callerId: string;
  /** Owners that the pool's policy allows, in lower case; null: every public repository. */
  readonly owners: readonly string[] | null;
}

/**
 * Header of the request that the Worker passes on; whatever a client sent under this name does not reach the object.
 */
export const listenerHeader = "x-octopool-listener";
