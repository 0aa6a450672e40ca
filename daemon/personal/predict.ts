/** Reads what an account's other answers tell to have changed: see shared/predict/predictions.ts. */
import { LRUCache } from "lru-cache";
import { type Credential, EtagRule, expectedEtag } from "../../shared/predict/etag-rule.ts";
import { bothValidators, type ObjectGroup, Predictions } from "../../shared/predict/predictions.ts";
import { classify } from "../../shared/routes/index.ts";
import type { ReadRequest } from "../reader.ts";
import type { RawAnswer } from "../relay/collect.ts";
import type { Account } from "./account.ts";
import { authorizationOf } from "./github.ts";
import type { OwnAnswer, OwnMemory } from "./memory.ts";

/** Accounts whose answers are compared at a time. */
const mostAccounts = 4;

/** One read of an account, under the key of its answer. */
interface OwnRead {
  readonly request: ReadRequest;
  readonly account: Account;
  readonly key: string;
  /** As it is sent. */
  readonly accept: string;
}

export class OwnPredictions {
  readonly #memory: OwnMemory;
  /** What one account was told helps no other one. */
  readonly #accounts = new LRUCache<string, Predictions>({ max: mostAccounts });
  /** What was seen of a host's ETags. */
  readonly #rules = new Map<string, EtagRule>();

  constructor(memory: OwnMemory) {
    this.#memory = memory;
  }

  /** GitHub's answer to a conditional request, and the answer that a 304 confirms. */
  async ask(
    read: OwnRead,
    known: OwnAnswer,
    ask: (etags: string) => Promise<RawAnswer>,
  ): Promise<readonly [RawAnswer, OwnAnswer]> {
    const asHeld = async () => [await ask(known.etag), known] as const;
    const group = groupOf(read.request);
    if (!group || !isJson(known) || this.#ruleOf(read.account).state !== "holds") return asHeld();
    const predictions = this.#predictionsOf(read.account);
    const held = { ...group, text: known.body.toString(), etag: known.etag, confirmedAt: known.confirmedAt };
    const prediction = await predictions.predict(held, credentialOf(read));
    if (!prediction) return asHeld();
    const raw = await ask(bothValidators(held, prediction));
    const etag = etagOf(raw) ?? "";
    const verdict = predictions.judge({ ...raw, etag }, held, prediction);
    if (verdict === "unclear") return asHeld();
    if (verdict !== "predicted") return [raw, known];
    const { "last-modified": _earlier, ...headers } = known.headers;
    return [raw, { ...known, headers: { ...headers, etag }, etag, body: Buffer.from(prediction.body) }];
  }

  /** Notes an answer that GitHub gave in full, and holds the rule of ETags against it. */
  async note(read: OwnRead, raw: RawAnswer, askedAt: number): Promise<void> {
    const etag = etagOf(raw);
    const group = groupOf(read.request);
    if (!group || raw.status !== 200 || etag === undefined || !isJson(raw)) return;
    this.#predictionsOf(read.account).note(group, read.key, askedAt);
    this.#ruleOf(read.account).tell(await expectedEtag(credentialOf(read), raw.body), etag);
  }

  forget({ hash }: Account): void {
    this.#accounts.delete(hash);
  }

  #predictionsOf({ hash }: Account): Predictions {
    const known = this.#accounts.get(hash) ?? new Predictions((key) => this.#memory.get(key)?.body.toString());
    this.#accounts.set(hash, known);
    return known;
  }

  #ruleOf({ host }: Account): EtagRule {
    const known = this.#rules.get(host.name) ?? new EtagRule();
    this.#rules.set(host.name, known);
    return known;
  }
}

function groupOf({ path, query = [] }: ReadRequest): ObjectGroup | undefined {
  const classified = classify(path, Object.fromEntries(query));
  const objects = classified?.route.objects;
  const { owner = "", repo = "" } = classified?.params ?? {};
  return objects && { repo: `${owner}/${repo}`.toLowerCase(), objects };
}

function credentialOf({ account, accept }: OwnRead): Credential {
  return { accept, authorization: authorizationOf(account) };
}

function isJson({ headers }: Pick<RawAnswer, "headers">): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\b/.test(String(headers["content-type"] ?? ""));
}

function etagOf({ headers: { etag } }: RawAnswer): string | undefined {
  return typeof etag === "string" ? etag : undefined;
}
