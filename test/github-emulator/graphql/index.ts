import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  OverlappingFieldsCanBeMergedRule,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import { LRUCache } from "lru-cache";
import * as z from "zod";
import { missingBounds } from "./connection.ts";
import type { GraphqlViewer } from "./context.ts";
import { costOf } from "./cost.ts";
import { snakeCase } from "./names.ts";
import { githubSchema } from "./schema.ts";
import { typeName } from "./types/typename.ts";

export { viewerOf } from "./viewer.ts";

const requestSchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

interface GraphqlAnswer {
  /** GitHub answers 200 to every request that it could read. */
  status: 200 | 400;
  body: unknown;
  /** Points to charge. */
  cost: number;
}

/** gh asks `state` of issues and pull requests under one name; GitHub lets it, the specification does not. */
const rules = specifiedRules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule);

type Prepared = { document: DocumentNode } | { errors: readonly GraphQLError[] };
const prepared = new LRUCache<string, Prepared>({ max: 500 });

/** Answers the body of a `POST /graphql` from the world, as the viewer sees it. */
export async function handleGraphql(viewer: GraphqlViewer, requestBody: string): Promise<GraphqlAnswer> {
  const request = requestSchema.safeParse(parseJson(requestBody));
  if (!request.success) {
    const body = { message: "Problems parsing JSON", documentation_url: "https://docs.github.com/graphql" };
    return { status: 400, body, cost: 0 };
  }
  const { query, variables, operationName } = request.data;
  const schema = await githubSchema();
  const ready = prepared.get(query) ?? prepare(schema, query);
  prepared.set(query, ready);
  if ("errors" in ready) return { status: 200, body: { errors: ready.errors.map(shape) }, cost: 1 };
  const result = await execute({
    schema,
    document: ready.document,
    contextValue: viewer,
    rootValue: {},
    variableValues: variables ?? {},
    operationName: operationName ?? null,
    fieldResolver: modelField,
    typeResolver: typeName,
  });
  const { data, errors } = result;
  const cost = costOf(ready.document, variables ?? {});
  return { status: 200, body: errors ? { data, errors: errors.map(shape) } : { data }, cost };
}

/** The body that an exhausted budget is answered with, status 200. */
export function rateLimited(userId: number | undefined): object {
  const message = `API rate limit exceeded for ${userId === undefined ? "installation" : `user ID ${userId}`}.`;
  return { errors: [{ type: "RATE_LIMITED", message }] };
}

function prepare(schema: Parameters<typeof validate>[0], query: string): Prepared {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    return { errors: [syntaxError(error)] };
  }
  const errors = validate(schema, document, rules);
  return errors.length > 0 ? { errors } : { document };
}

function syntaxError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  throw error;
}

/** GitHub puts `type` beside the message. */
function shape(error: GraphQLError): object {
  const { type } = error.extensions;
  return {
    ...(typeof type === "string" && { type }),
    ...(error.path && { path: error.path }),
    ...(error.locations && { locations: error.locations }),
    message: error.message,
  };
}

/** Fields without a resolver are the model's own under REST's name, or not there. */
const modelField: GraphQLFieldResolver<unknown, GraphqlViewer> = (source, _, __, { fieldName }) => {
  if (typeof source !== "object" || source === null) return undefined;
  if ("unbounded" in source && (fieldName === "nodes" || fieldName === "edges")) {
    throw missingBounds(String(source.unbounded));
  }
  const own: unknown = Reflect.get(source, fieldName);
  return own ?? Reflect.get(source, snakeCase(fieldName));
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
