/** `gh repo view`. */
import * as z from "zod";
import { fullName, type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import { type Call, type Command, defineCommand, exportFlags, type Result } from "../command.ts";
import type { Context } from "../context.ts";
import type { FlagTable } from "../flags.ts";
import { exporter, requireFields } from "../output/output.ts";
import { readUnlessMissing } from "../reads/missing.ts";
import { requireNoPager } from "../terminal/style.ts";
import { laterFields } from "../versions.ts";
import { areInRest, areWithheld, fieldsViewer, projectRepository, repositoryFields } from "./fields.ts";
import { isWithoutReadme } from "./listings.ts";
import { repositorySchema } from "./model.ts";
import { queryRepository } from "./query.ts";

const flags = { ...exportFlags, branch: { type: "string", short: "b" } } as const satisfies FlagTable;

type ViewCall = Call<typeof flags>;

async function run(call: ViewCall): Promise<Result> {
  const { context } = call;
  const fields = await exporter(call, repositoryFields, laterFields.repository);
  requireFields(fields, context);
  const repository = await repositoryOf(call);
  if (fields) return { stdout: await fields.write(await readFields(call, repository, fields.fields)) };
  requireNoPager(context.invocation.env, context.style);
  if (context.style.stdoutTty) context.native("markdown on a terminal");
  const [body, readme] = await Promise.all([
    context.reads.get(repositoryPath(repository), repositorySchema),
    readReadme(call, repository),
  ]);
  const head = `name:\t${fullName(repository)}\ndescription:\t${body.description ?? ""}\n`;
  return { stdout: readme === undefined ? head : `${head}--\n${readme}\n` };
}

/** By REST where it has them all. */
async function readFields(
  { context }: ViewCall,
  repository: RepositoryName,
  fields: readonly string[],
): Promise<object> {
  if (!areInRest(fields)) return queryRepository(context, repository, fields);
  const path = repositoryPath(repository);
  const body = await context.reads.get(path, repositorySchema, { viewer: fieldsViewer(fields) });
  if (areWithheld(fields, body)) return queryRepository(context, repository, fields);
  return projectRepository(fields, { context, repository, body });
}

/** gh puts the user's own login before a name alone, and ignores GH_REPO here. */
async function repositoryOf({ args, context }: ViewCall): Promise<RepositoryName> {
  const [name = ""] = args;
  if (name !== "") {
    const whole = name.includes("/") ? name : `${await context.reads.viewerLogin()}/${name}`;
    return context.repository.named(whole, "argument error: ");
  }
  return context.repository.ofCheckout();
}

const readmeSchema = z.looseObject({ encoding: z.literal("base64"), content: z.string() });

/** The text; undefined where there is none. */
async function readReadme(
  { context, flags: given }: ViewCall,
  repository: RepositoryName,
): Promise<string | undefined> {
  const query = given.branch === "" ? [] : [["ref", given.branch] as const];
  const path = repositoryPath(repository, "readme");
  const proof = isWithoutReadme(repository, query);
  const readme = await readUnlessMissing(context.reads, path, readmeSchema, { query, proof });
  return readme && textOf(context, readme.content);
}

function textOf(context: Context, content: string): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(content, "base64"));
    // gh hands the text to Printf as its format.
    return text.includes("%") ? context.native("a README with a percent sign") : text;
  } catch (error) {
    if (error instanceof TypeError) return context.native("a README that is not UTF-8");
    throw error;
  }
}

export const repoView: Command = defineCommand({
  path: ["repo", "view"],
  flags,
  json: { known: repositoryFields, later: laterFields.repository },
  asksGraphql: () => true,
  arguments: "optional",
  run,
});
