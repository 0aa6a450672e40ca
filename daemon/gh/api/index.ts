/** `gh api`: a GET of GitHub's REST API, or a GraphQL query, printed as gh prints it (pkg/cmd/api/api.go). */
import { type Command, defineCommand, type Result } from "../command.ts";
import { requireNoPager } from "../terminal/style.ts";
import { viewerReason } from "./exactness.ts";
import { flags, type ParsedApiCall } from "./flag-table.ts";
import { readGraphql } from "./graphql/index.ts";
import { readAllPages } from "./pages.ts";
import { renderPages } from "./render.ts";
import { buildRequest } from "./request.ts";

async function run(call: ParsedApiCall): Promise<Result> {
  refuseInexactFlags(call);
  requireNoPager(call.context.invocation.env, call.context.style);
  const { hosts } = call.context;
  hosts.use(call.given.has("hostname") ? call.flags.hostname : hosts.default.name);
  if (call.args[0] === "graphql") return renderPages(await readGraphql(call), call);
  refuseBodies(call);
  const request = await buildRequest(call);
  const viewer = viewerReason(request, call.flags);
  return renderPages(await readAllPages(call, { ...request, viewer }), call);
}

/** Combinations that gh refuses, and output that depends on the token. */
function refuseInexactFlags({ args, flags, given, context, refuse }: ParsedApiCall): void {
  if (given.has("hostname")) requireHost(flags.hostname, refuse);
  if (args[0] !== "graphql" && flags.paginate && given.has("method") && flags.method.toUpperCase() !== "GET")
    refuse("the `--paginate` option is not supported for non-GET requests");
  if (flags.slurp && (flags.jq !== "" || flags.template !== ""))
    refuse("the `--slurp` option is not supported with `--jq` or `--template`");
  if (flags.slurp && !flags.paginate) refuse("`--paginate` required when passing `--slurp`");
  const outputs = [flags.silent, flags.jq !== "", flags.template !== ""].filter(Boolean).length;
  if (outputs > 1) refuse("only one of `--template`, `--jq`, `--silent`, or `--verbose` may be used");
  if (flags.slurp && !context.gh.has("slurp")) context.native("--slurp is of gh 2.48");
  if (given.has("allow-escape-sequences") && !context.gh.has("escapesRefused")) context.native("a flag of gh 2.97");
  if (flags.include) context.native("response headers depend on the caller");
}

/** The flags that would turn it into another request than a GET. */
function refuseBodies({ flags, given, context }: ParsedApiCall): void {
  if (flags.method !== "GET") context.native(`method ${flags.method}`);
  if (given.has("input")) context.native("a body");
  const fields = flags.field.length + flags["raw-field"].length;
  if (fields > 0 && !given.has("method")) context.native("fields without an explicit GET are a POST");
}

function requireHost(hostname: string, refuse: ParsedApiCall["refuse"]): void {
  if (hostname.trim() === "") refuse("error parsing `--hostname`: a value is required");
  if (/[/:]/.test(hostname)) refuse("error parsing `--hostname`: invalid hostname");
}

export const apiCommands: readonly Command[] = [
  defineCommand({ path: ["api"], flags, arguments: "one", onServers: true, run }),
];
