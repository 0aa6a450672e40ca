/** The flags of `gh api`, and a call of it once they are parsed. */
import type { Call } from "../command.ts";
import type { FlagTable } from "../flags.ts";

export const flags = {
  "allow-escape-sequences": { type: "bool" },
  cache: { type: "duration" },
  field: { type: "array", short: "F" },
  header: { type: "array", short: "H" },
  hostname: { type: "string" },
  input: { type: "string" },
  include: { type: "bool", short: "i" },
  jq: { type: "string", short: "q" },
  method: { type: "string", short: "X", default: "GET" },
  paginate: { type: "bool" },
  preview: { type: "strings", short: "p" },
  "raw-field": { type: "array", short: "f" },
  silent: { type: "bool" },
  slurp: { type: "bool" },
  template: { type: "string", short: "t" },
} as const satisfies FlagTable;

/** A parsed `gh api`. */
export type ParsedApiCall = Call<typeof flags>;
