/** JSON bodies as the commands see them. */
import * as z from "zod";
import { NativeRequired, type ReadAnswer } from "../../reader.ts";
import { sanitizeJson } from "./sanitize.ts";

interface Parsed<T> {
  readonly schema: z.ZodType<T>;
  readonly value: T;
}

/**
 * The last value of each body that takes long to parse: an answer that GitHub confirms, or that is still fresh, has the
 * same bytes as before. A schema takes a small part of a list, which is freed with the bytes.
 */
const parsedBodies = new WeakMap<Uint8Array, Parsed<unknown>>();
const longBodyBytes = 16 * 1024;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Parses a JSON body. A body of another form cannot be printed exactly: native. */
export function parseBody<T>(answer: ReadAnswer, path: string, schema: z.ZodType<T>): T {
  const known = parsedBodies.get(answer.body);
  if (known !== undefined && isBySchema(known, schema)) return known.value;
  const value = parse(answer, path, schema);
  if (answer.body.byteLength >= longBodyBytes) parsedBodies.set(answer.body, { schema, value });
  return value;
}

function isBySchema<T>(known: Parsed<unknown>, schema: z.ZodType<T>): known is Parsed<T> {
  return known.schema === schema;
}

function parse<T>(answer: ReadAnswer, path: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(sanitizeJson(decoder.decode(answer.body)));
  } catch {
    throw new NativeRequired(`${path} is not JSON`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new NativeRequired(
    `${path} has an unexpected shape at ${issue?.path.join(".") ?? "?"}: ${issue?.message ?? ""}`,
  );
}

interface ListSchema<T> {
  readonly item: z.ZodType<T>;
  readonly list: z.ZodType<T[]>;
}

const lists = new WeakMap<z.ZodType, ListSchema<unknown>>();

/** The schema of a list: the same one each time, so that {@link parseBody} recognises parsed bodies. */
export function listOf<T>(item: z.ZodType<T>): z.ZodType<T[]> {
  const known = lists.get(item);
  if (known !== undefined && isOfItem(known, item)) return known.list;
  const list = z.array(item);
  lists.set(item, { item, list });
  return list;
}

function isOfItem<T>(known: ListSchema<unknown>, item: z.ZodType<T>): known is ListSchema<T> {
  return known.item === item;
}
