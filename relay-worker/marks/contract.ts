/** The messages of the Worker to the object that keeps events. One call an event. */
import type { EventEvidence } from "../../shared/events/evidence.ts";
import type { Family, FeedHealth, Lane } from "../../shared/events/families.ts";
import type { Uncovered } from "../../shared/events/marks.ts";
import type { EventTag } from "../../shared/events/tags.ts";

/** One delivery of GitHub's, as far as it matters. */
export interface TakenEvent {
  /** GitHub's id of the delivery; a redelivery has the same. */
  readonly guid: string;
  readonly family: Family;
  /** Absent where no kept answer has changed. */
  readonly mark?: TakenMark;
  /** The repository (`owner/name`) whose marks must be forgotten: it is not public any more. */
  readonly hidden?: string;
  readonly uncovered?: Uncovered;
}

export interface TakenMark {
  /** `owner/name` in lower case, public by GitHub's statement in this event. */
  readonly repository: string;
  /** GitHub's number of it. */
  readonly repositoryId?: number;
  readonly tags: readonly EventTag[];
  readonly evidence?: EventEvidence;
  /** When it happened by the payload, ms since the epoch. */
  readonly happenedAt?: number;
}

/** A mark that is remembered. */
export interface RecentMark {
  readonly at: number;
  readonly tags: readonly EventTag[];
  readonly evidence?: EventEvidence;
  readonly happenedAt?: number;
}

/** A repository's events and the state of their families: enough to decide whether to rely on them. */
export interface Testimony {
  readonly now: number;
  /** Events of it arrive. */
  readonly covered: boolean;
  readonly lanes: Partial<Record<Family, Lane>>;
  readonly health: FeedHealth;
  /** Oldest first. */
  readonly marks: readonly RecentMark[];
}

export interface EventsSnapshot {
  readonly now: number;
  readonly epoch: string;
  readonly seq: number;
  readonly lanes: Partial<Record<Family, Lane>>;
  readonly health: FeedHealth;
  /** Why the last look at GitHub's list failed; null: it did not. */
  readonly trouble: LookTrouble | null;
}

/** Why GitHub's list of deliveries is not known. */
export type LookTrouble = "no_app_key" | "app_refused" | "github_unreachable";

/** One attempt of GitHub to deliver an event, by its own list. */
export interface ListedDelivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  /** GitHub got a 2xx for it. */
  readonly ok: boolean;
  /** By GitHub's clock, ms since the epoch. */
  readonly deliveredAt: number;
  /** Null where the event is of no repository, or the list does not say. */
  readonly repositoryId: number | null;
  /** GitHub held it back in a surge, ms since the epoch. */
  readonly throttledAt: number | null;
}

/** One look at the list, back to where the one before ended. */
export interface Look {
  readonly deliveries: readonly ListedDelivery[];
  /** It reached back that far; otherwise the deliveries between are unknown. */
  readonly whole: boolean;
  /** Families of which the App does not get all events. */
  readonly blind: readonly Family[];
}

export interface RepoEventsApi {
  take(event: TakenEvent): Promise<void>;
  /** Marks of a repository that arrived at `since` or later and that carry evidence, oldest first. */
  recent(repository: string, since: number): Promise<readonly RecentMark[]>;
  /** The same marks, with whether anything may be missing from them. */
  testify(repository: string, since: number): Promise<Testimony>;
  snapshot(): Promise<EventsSnapshot>;
  /** How far back the next look has to reach, by GitHub's clock, ms since the epoch. */
  lookFrom(): Promise<number>;
  /**
   * Compares the list with the deliveries that were taken. @returns ids of the deliveries that GitHub is to send again
   */
  compare(look: Look): Promise<readonly number[]>;
  lookFailed(trouble: LookTrouble): Promise<void>;
}

/** The connecting caller, as the Worker passes it to the object: see {@link listenerHeader}. */
export interface Listener {
  readonly callerId: string;
  /** Owners that the pool's policy allows, in lower case; null: every public repository. */
  readonly owners: readonly string[] | null;
}

/** Header of the request that the Worker passes on; a client's header of this name does not reach the object. */
export const listenerHeader = "x-octopool-listener";
