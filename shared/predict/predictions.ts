/**
 * Asks GitHub for an answer that other answers show to have changed, and how. The request carries two validators: that
 * of the held body, and the one that the changed body would have. Where GitHub confirms the second, the new body is
 * known, to the byte, and has cost no budget; where it confirms neither, it answers in full, as it would have anyway.
 */
import type { LRUCache } from "lru-cache";
import { bounded } from "../bounded.ts";
import { parseJson } from "../parse-json.ts";
import type { ClassifiedRoute } from "../routes/index.ts";
import { type Credential, expectedEtag, opaque } from "./etag-rule.ts";
import { KnownObjects } from "./known-objects.ts";

interface Prediction {
  readonly body: Uint8Array;
  /** Without quotes. */
  readonly etag: string;
}

/** The group of answers that hold the same objects. */
interface ObjectGroup {
  /** `owner/name` in lower case. */
  readonly repo: string;
  /** A route's `objects`. */
  readonly objects: string;
}

/** Undefined where no other route holds the same objects. */
export function groupOf({ route, repository }: ClassifiedRoute): ObjectGroup | undefined {
  const { objects } = route;
  return objects && repository && { repo: `${repository.owner}/${repository.name}`, objects };
}

/** An answer that is held, and its validator for the credential that asks. */
interface Held extends ObjectGroup {
  /** JSON as GitHub sent it. */
  readonly text: string;
  readonly etag: string;
  /** When GitHub last confirmed it, ms since the epoch. */
  readonly confirmedAt: number;
}

interface Told {
  readonly status: number;
  readonly etag: string | null | undefined;
  readonly body: Uint8Array;
}

/** The body that a 304 confirms, of two; `unclear` where it does not show which, `neither` for any other answer. */
type Confirmation = "held" | "predicted" | "unclear" | "neither";

/** Groups, and answers of each, of which it is remembered that they changed. */
const mostGroups = 500;
const mostAnswers = 20;

interface Changed {
  /** When GitHub was asked for each, by its key, ms since the epoch. */
  readonly answers: LRUCache<string, number>;
  newest: number;
}

export class Predictions {
  readonly #objects = new KnownObjects();
  /** Answers that GitHub gave in full, and that were not looked into since. */
  readonly #changed = bounded<Changed>(mostGroups);
  readonly #textOf: (key: string) => string | undefined;
  /** A server that does not read lists of validators would answer in full where nothing has changed. */
  #listsAreRead = true;

  /** @param textOf the JSON of a held answer, by its key */
  constructor(textOf: (key: string) => string | undefined) {
    this.#textOf = textOf;
  }

  /**
   * Notes that GitHub gave an answer in full.
   *
   * @param at when GitHub was asked for it, ms since the epoch
   */
  note(group: ObjectGroup, key: string, at: number): void {
    const name = nameOf(group);
    const changed = this.#changed.get(name) ?? { answers: bounded<number>(mostAnswers), newest: at };
    changed.answers.set(key, at);
    changed.newest = Math.max(changed.newest, at);
    this.#changed.set(name, changed);
  }

  /**
   * Asks with the held validator, and with that of the predicted body where there is one.
   *
   * @param send asks GitHub with `If-None-Match`
   * @param view the parts of an answer that are compared; undefined for a refusal
   * @returns the answer, and the predicted body where GitHub confirmed that
   */
  async ask<Answer>(
    held: Held,
    credential: Credential,
    { send, view }: { send(etags: string): Promise<Answer>; view(answer: Answer): Told | undefined },
  ): Promise<{ readonly answer: Answer; readonly predicted?: Uint8Array }> {
    const prediction = await this.predict(held, credential);
    if (!prediction) return { answer: await send(held.etag) };
    const answer = await send(bothValidators(held, prediction));
    const told = view(answer);
    const confirmation = told && this.judge(told, held, prediction);
    if (confirmation === "unclear") return { answer: await send(held.etag) };
    return confirmation === "predicted" ? { answer, predicted: prediction.body } : { answer };
  }

  /** @param since ms since the epoch */
  hasNews(group: ObjectGroup, since: number): boolean {
    return (this.#changed.get(nameOf(group))?.newest ?? 0) > since;
  }

  /** Undefined where nothing newer than the held body is known. */
  async predict(held: Held, credential: Credential): Promise<Prediction | undefined> {
    const changed = this.#changed.get(nameOf(held));
    if (!this.#listsAreRead || !changed || !this.hasNews(held, held.confirmedAt)) return undefined;
    this.#lookInto(changed, held.confirmedAt);
    const text = this.#objects.predict(held.text, held.confirmedAt);
    if (text === undefined) return undefined;
    const body = new TextEncoder().encode(text);
    return { body, etag: await expectedEtag(credential, body) };
  }

  /** Most answers are never looked into. */
  #lookInto({ answers }: Changed, since: number): void {
    for (const [key, at] of [...answers.entries()]) {
      if (at <= since) continue;
      answers.delete(key);
      const text = this.#textOf(key);
      if (text !== undefined) this.#objects.learn(parseJson(text), at);
    }
  }

  judge(told: Told, held: Held, prediction: Prediction): Confirmation {
    if (told.status === 200 && new TextDecoder().decode(told.body) === held.text) this.#listsAreRead = false;
    if (told.status !== 304) return "neither";
    const confirmed = opaque(told.etag ?? "");
    if (confirmed === prediction.etag) return "predicted";
    return confirmed === opaque(held.etag) ? "held" : "unclear";
  }
}

/** `If-None-Match` with both validators. */
function bothValidators({ etag }: Held, prediction: Prediction): string {
  return `${etag}, W/"${prediction.etag}"`;
}

function nameOf({ repo, objects }: ObjectGroup): string {
  return `${repo} ${objects}`;
}
