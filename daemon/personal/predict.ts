/** Reads answers that an account's other answers show to have changed: see shared/predict/predictions.ts. */
import { bounded } from "../../shared/bounded.ts";
import { type Credential, expectedEtag, opaque } from "../../shared/predict/etag-rule.ts";
import { groupOf, Predictions } from "../../shared/predict/predictions.ts";
import type { ClassifiedRoute } from "../../shared/routes/index.ts";
import type { RawAnswer } from "../relay/collect.ts";
import type { OwnAccount } from "./account.ts";
import { authorizationOf } from "./github.ts";
import type { OwnAnswer, OwnMemory } from "./memory.ts";

/** Accounts whose answers are compared at a time. */
const mostAccounts = 4;

/** One read of an account, under the key of its answer. */
interface OwnRead {
  /** Undefined for a route that is not known. */
  readonly classified: ClassifiedRoute | undefined;
  readonly account: OwnAccount;
  readonly key: string;
  /** As it is sent. */
  readonly accept: string;
}

export class OwnPredictions {
  readonly #memory: OwnMemory;
  /** Kept per account. */
  readonly #accounts = bounded<Predictions>(mostAccounts);

  constructor(memory: OwnMemory) {
    this.#memory = memory;
  }

  /** GitHub's answer to a conditional request, and the answer that a 304 confirms. */
  async ask(
    { classified, account, accept }: OwnRead,
    known: OwnAnswer,
    send: (etags: string) => Promise<RawAnswer>,
  ): Promise<readonly [RawAnswer, OwnAnswer]> {
    const group = classified && groupOf(classified);
    const predictions = this.#predictionsOf(account);
    const credential = { accept, authorization: authorizationOf(account) };
    const mayPredict = group && predictions.hasNews(group, known.confirmedAt) && (await followsRule(known, credential));
    if (!mayPredict) return [await send(known.etag), known];
    const held = { ...group, text: known.body.toString(), etag: known.etag, confirmedAt: known.confirmedAt };
    const view = (told: RawAnswer) => ({ ...told, etag: etagOf(told) });
    const { answer, predicted } = await predictions.ask(held, credential, { send, view });
    if (!predicted) return [answer, known];
    const { "last-modified": _earlier, ...headers } = known.headers;
    const etag = etagOf(answer);
    return [answer, { ...known, headers: { ...headers, etag }, etag, body: Buffer.from(predicted) }];
  }

  /** Notes an answer that GitHub gave in full. */
  note({ classified, account, key }: OwnRead, { status }: RawAnswer, askedAt: number): void {
    const group = classified && groupOf(classified);
    if (group && status === 200) this.#predictionsOf(account).note(group, key, askedAt);
  }

  forget({ hash }: OwnAccount): void {
    this.#accounts.delete(hash);
  }

  #predictionsOf({ hash }: OwnAccount): Predictions {
    const known = this.#accounts.get(hash) ?? new Predictions((key) => this.#memory.get(key)?.body.toString());
    this.#accounts.set(hash, known);
    return known;
  }
}

/** Whether GitHub made this ETag by the rule; it was given for the same credential. */
async function followsRule({ body, etag }: OwnAnswer, credential: Credential): Promise<boolean> {
  return (await expectedEtag(credential, body)) === opaque(etag);
}

function etagOf({ headers: { etag } }: RawAnswer): string {
  return typeof etag === "string" ? etag : "";
}
