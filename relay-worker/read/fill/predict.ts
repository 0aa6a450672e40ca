/** Reads answers that other answers show to have changed: see shared/predict/predictions.ts. */
import { EtagRule, expectedEtag } from "../../../shared/predict/etag-rule.ts";
import { groupOf, Predictions } from "../../../shared/predict/predictions.ts";
import type { CacheEntry } from "../../cache/entry.ts";
import { rememberedEntries } from "../../cache/store.ts";
import type { GitHubResponse } from "../../github/call-github.ts";
import { memoryPart } from "../../memory.ts";
import { isConditional } from "../plan.ts";
import { type Access, answeredToSecondToken, askOrRefuse, type Question } from "./access.ts";
import type { Refused } from "./refusals.ts";
import type { Work } from "./work.ts";

/** This isolate's observations of GitHub's ETags. */
export const etagRule = memoryPart(() => new EtagRule());

/** The objects that this isolate has seen in GitHub's answers. */
const predictions = memoryPart(
  (memory) => new Predictions((key) => rememberedEntries(memory).get(key)?.value.answer.body),
);

/** Responses whose body was predicted and confirmed: GitHub charged nothing for them. */
export const confirmedByHash = new WeakSet<GitHubResponse>();

/** GitHub's answer to a question with the relay's own validator; one that it confirms as predicted is whole. */
export async function askPredicting(access: Access, question: Question): Promise<GitHubResponse | Refused> {
  const { authorization, work } = access;
  const { entry, plan, deps } = work;
  const etag = question.conditions?.["if-none-match"];
  const group = groupOf(plan.classified);
  const isUsable = etag !== undefined && authorization !== undefined && etagRule(deps.memory).state !== "broken";
  if (!isUsable || !group || !entry || !isWhole(entry) || isConditional(plan)) return askOrRefuse(access, question);
  const held = { ...group, text: entry.answer.body, etag, confirmedAt: entry.createdAt };
  const { answer, predicted } = await predictions(deps.memory).ask<GitHubResponse | Refused>(
    held,
    { accept: plan.accept, authorization },
    {
      send: (etags) => askOrRefuse(access, { ...question, conditions: { "if-none-match": etags } }),
      view: (told) => ("kind" in told ? undefined : { ...told, etag: told.headers.get("etag") }),
    },
  );
  return predicted && !("kind" in answer) ? whole(entry, answer, predicted) : answer;
}

/** A 304 has neither type nor links: the held ones stay. */
function whole({ answer }: CacheEntry, { headers }: GitHubResponse, body: Uint8Array): GitHubResponse {
  const { "last-modified": _earlier, ...held } = answer.headers;
  const response = { status: 200, headers: new Headers({ ...held, ...Object.fromEntries(headers) }), body };
  confirmedByHash.add(response);
  return response;
}

/** GitHub's own bytes, none of them cut. */
export function isWhole({ answer }: CacheEntry): boolean {
  return answer.encoding === "json" && !answer.reduced;
}

/** Remembers that a trusted answer has changed the known state of its objects. */
export function noteChange({ deps, plan }: Work, response: GitHubResponse, askedAt: number): void {
  const group = groupOf(plan.classified);
  if (group && response.status === 200) predictions(deps.memory).note(group, plan.key, askedAt);
}

/** Compares the rule of ETags with an answer. */
export async function learnRule({ work, authorization }: Access, response: GitHubResponse): Promise<void> {
  // That validator was made for another token than this access began with.
  if (answeredToSecondToken.has(response) || confirmedByHash.has(response)) return;
  const etag = response.headers.get("etag");
  if (response.status !== 200 || etag === null || authorization === undefined) return;
  const expected = await expectedEtag({ accept: work.plan.accept, authorization }, response.body);
  etagRule(work.deps.memory).tell(expected, etag);
}
