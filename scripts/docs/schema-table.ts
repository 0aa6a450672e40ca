/** A schema as a table of fields for the API's page. */
import * as z from "zod";

const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.looseObject({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    properties: z.record(z.string(), jsonSchema).optional(),
    required: z.array(z.string()).optional(),
    items: jsonSchema.optional(),
    anyOf: z.array(jsonSchema).optional(),
    additionalProperties: z.union([z.boolean(), jsonSchema]).optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
    minimum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    maximum: z.number().optional(),
    pattern: z.string().optional(),
  }),
);
interface JsonSchema {
  readonly type?: string | string[] | undefined;
  readonly enum?: unknown[] | undefined;
  readonly const?: unknown;
  readonly properties?: Record<string, JsonSchema> | undefined;
  readonly required?: string[] | undefined;
  readonly items?: JsonSchema | undefined;
  readonly anyOf?: JsonSchema[] | undefined;
  readonly additionalProperties?: boolean | JsonSchema | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly minimum?: number | undefined;
  readonly exclusiveMinimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly pattern?: string | undefined;
}

/** @param limits whether to name the limits of values, and refused other members, for clients that send them */
export function fields(schema: z.ZodType, { limits }: { readonly limits: boolean }): string[] {
  const whole = jsonSchema.parse(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
  const rows = members(whole, "", limits);
  const closed = limits && whole.additionalProperties === false;
  return [
    "| field | type |",
    "|---|---|",
    ...rows.map(([name, type]) => `| \`${name}\` | ${type} |`),
    "",
    ...(closed ? ["Other members are refused.", ""] : []),
  ];
}

/** Members of members as `a.b` and `a[].b`. */
function members(schema: JsonSchema, prefix: string, limits: boolean): (readonly [string, string])[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = `${prefix}${name}`;
    const row = [path, typeOf(member, limits) + (required.has(name) ? "" : ", optional")] as const;
    const inner = member.anyOf?.find(({ properties }) => properties) ?? member;
    if (inner.properties) return [row, ...members(inner, `${path}.`, limits)];
    if (inner.items?.properties) return [row, ...members(inner.items, `${path}[].`, limits)];
    return [row];
  });
}

function typeOf(schema: JsonSchema, limits: boolean): string {
  const { type, enum: values, const: only, anyOf, items, additionalProperties } = schema;
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (values) return values.map((value) => `\`${JSON.stringify(value)}\``).join(" or ");
  if (anyOf) return anyOf.map((each) => typeOf(each, limits)).join(" or ");
  const said = limits ? limitsOf(schema) : "";
  if (type === "array") return `list of ${items ? grouped(items, limits) : "anything"}${said}`;
  if (type === "object" && typeof additionalProperties === "object")
    return `object of ${grouped(additionalProperties, limits)}`;
  return (Array.isArray(type) ? type.join(" or ") : (type ?? "anything")) + said;
}

/** One of several, within something that holds many. */
function grouped(schema: JsonSchema, limits: boolean): string {
  const text = typeOf(schema, limits);
  const several = (schema.anyOf ?? schema.enum ?? []).length > 1;
  return several || (limits && text.includes(",")) ? `(${text})` : text;
}

function limitsOf({ pattern, exclusiveMinimum, ...schema }: JsonSchema): string {
  const said = [
    span(schema.minLength, schema.maxLength, "characters"),
    span(schema.minItems, schema.maxItems, "items"),
    exclusiveMinimum === undefined ? "" : `above ${exclusiveMinimum}`,
    span(bounded(schema.minimum), bounded(schema.maximum), ""),
    pattern === undefined ? "" : `matching \`${pattern.replaceAll("|", "\\|")}\``,
  ];
  return said
    .filter((part) => part !== "")
    .map((part) => `, ${part}`)
    .join("");
}

/** Every whole number has the bounds of JavaScript's exact integers. */
const bounded = (limit: number | undefined) =>
  limit !== undefined && Math.abs(limit) === Number.MAX_SAFE_INTEGER ? undefined : limit;

function span(least: number | undefined, most: number | undefined, unit: string): string {
  if (least === undefined && most === undefined) return "";
  if (unit !== "" && least === 1 && most === undefined) return "not empty";
  const words =
    most === undefined ? `at least ${least}` : least === undefined ? `at most ${most}` : `${least} to ${most}`;
  return unit === "" ? words : `${words} ${unit}`;
}
