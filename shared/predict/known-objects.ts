/**
 * GitHub's latest state of single objects, from any answer that holds them. The same job stands in its run's jobs and
 * in its commit's check runs, the same run in its own view and in lists, the same check run in GraphQL's answers: once one of these answers has shown a change,
 * the others' new bodies can be computed. Such a body is a guess until GitHub confirms its hash.
 */
import * as z from "zod";
import { bounded } from "../bounded.ts";
import { isObject, parseJson } from "../parse-json.ts";

/** JSON values by the path of their field, such as `head.sha`. */
type Fields = ReadonlyMap<string, unknown>;

interface Known {
  readonly fields: Fields;
  /** When GitHub was asked, ms since the epoch. */
  readonly at: number;
}

type JsonObject = Record<string, unknown>;

/** Some 3 kB each. */
const mostObjects = 2_000;
/** Longer values are not remembered, in UTF-16 units of their JSON. */
const longestValue = 1_000;

export class KnownObjects {
  /** By the object's address at the API. */
  readonly #objects = bounded<Known>(mostObjects);

  /**
   * @param body an answer's parsed JSON
   * @param at when GitHub was asked for it, ms since the epoch
   */
  learn(body: unknown, at: number): void {
    for (const object of objectsOf(body)) {
      if (hasAddress(object)) this.#note(object.url, new Map(fieldsOf(object)), at);
      const check = checkOf(object);
      if (check) this.#note(check.url, new Map(Object.entries(check.fields)), at);
    }
  }

  /**
   * The predicted new text of an answer; undefined where nothing newer is known, or where our JSON differs from
   * GitHub's.
   *
   * @param text JSON as GitHub sent it
   * @param since when GitHub last confirmed it, ms since the epoch
   */
  predict(text: string, since: number): string | undefined {
    const body = parseJson(text);
    const news = [...objectsOf(body)].filter(hasAddress).flatMap((object) => {
      const known = this.#objects.get(object.url);
      return known && known.at > since ? changesOf(object, known.fields) : [];
    });
    if (news.length === 0 || JSON.stringify(body) !== text) return undefined;
    for (const { parent, name, value } of news) parent[name] = value;
    return JSON.stringify(body);
  }

  #note(url: string, fields: Fields, at: number): void {
    const known = this.#objects.get(url);
    if (known && known.at > at) return;
    this.#objects.set(url, { fields: known ? new Map([...known.fields, ...fields]) : fields, at });
  }
}

type ApiObject = JsonObject & { readonly url: string };

/** Every object of an answer, however deep. */
function* objectsOf(value: unknown): Generator<JsonObject> {
  if (Array.isArray(value)) for (const each of value) yield* objectsOf(each);
  if (!isObject(value)) return;
  yield value;
  for (const each of Object.values(value)) yield* objectsOf(each);
}

function hasAddress(object: JsonObject): object is ApiObject {
  return typeof object.url === "string";
}

/** An object's own fields, those of nested ones without an address included. */
function* fieldsOf(object: JsonObject, path = ""): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(object)) {
    if (!isObject(value)) {
      if (isShort(value)) yield [`${path}${name}`, value];
    } else if (!hasAddress(value)) yield* fieldsOf(value, `${path}${name}.`);
  }
}

function isShort(value: unknown): boolean {
  if (typeof value === "string") return value.length <= longestValue;
  return !Array.isArray(value) || value.length === 0 || JSON.stringify(value).length <= longestValue;
}

/** The fields of a check run, as far as its job or GraphQL tells them. */
function checkOf(object: JsonObject): { readonly url: string; readonly fields: JsonObject } | undefined {
  const { check_run_url: url, status, conclusion, started_at, completed_at } = object;
  if (typeof url === "string") return { url, fields: { status, conclusion, started_at, completed_at } };
  const queried = object.__typename === "CheckRun" ? queriedCheck.safeParse(object).data : undefined;
  const [, repository, id] = queried?.detailsUrl.match(pageOfJob) ?? [];
  if (!queried || id === undefined) return undefined;
  const fields = {
    status: queried.status.toLowerCase(),
    conclusion: queried.conclusion?.toLowerCase() ?? null,
    started_at: queried.startedAt,
    completed_at: queried.completedAt,
  };
  return { url: `https://api.github.com/repos/${repository}/check-runs/${id}`, fields };
}

/** A check run as gh's queries ask for it. */
const queriedCheck = z.object({
  status: z.string(),
  conclusion: z.string().nullable(),
  startedAt: z.string().nullable(),
  completedAt: z.string().nullable(),
  detailsUrl: z.string(),
});

/** A job and its check run have the same id. */
const pageOfJob = /^https:\/\/github\.com\/([^/]+\/[^/]+)\/actions\/runs\/\d+\/job\/(\d+)$/;

interface Change {
  readonly parent: JsonObject;
  readonly name: string;
  readonly value: unknown;
}

/** The fields of an object whose known value is another one. */
function changesOf(object: JsonObject, known: Fields, path = ""): Change[] {
  return Object.entries(object).flatMap(([name, value]) => {
    if (isObject(value)) return hasAddress(value) ? [] : changesOf(value, known, `${path}${name}.`);
    const now = known.get(`${path}${name}`);
    if (now === undefined || isSame(now, value)) return [];
    return [{ parent: object, name, value: now }];
  });
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (Array.isArray(one) && JSON.stringify(one) === JSON.stringify(other));
}
