/** `GET /.well-known/octopool`: identifies a server before a client sends it any secret. */
import * as z from "zod";
import { plainNameSchema } from "./plain-name.ts";

export const discoveryPath = "/.well-known/octopool";
export const serviceName = "octopool";

export const discoverySchema = z.object({
  service: z.literal(serviceName),
  version: z.literal(1),
  /** Origin of the API, without a trailing slash. */
  api_base: z.url(),
  /** Origin of the pages for people. */
  app_base: z.url(),
  default_pool: z.string().min(1),
  allowed_org: z.string(),
  auth: z.object({ cli_github_token: z.boolean(), web_login: z.boolean() }),
  /** Oldest client that this server serves, as `major.minor.patch`. */
  min_cli_version: z.string(),
});
export type Discovery = z.infer<typeof discoverySchema>;

export const loginPath = "/v1/login/github-cli";
export const sessionPath = "/v1/session";

export const loginRequestSchema = z.object({
  github_token: z.string().min(1),
  client_name: plainNameSchema.optional(),
  pool: plainNameSchema.optional(),
});

const callerSchema = z.object({
  id: z.string(),
  name: z.string(),
  github_login: z.string(),
  org_login: z.string(),
  pool: z.string(),
  client_name: z.string(),
});
/** The caller that a token belongs to. */
export type Caller = z.infer<typeof callerSchema>;

export const loginResponseSchema = z.object({ caller: callerSchema, token: z.string().regex(/^op_[\w-]{43}$/) });
export type LoginResponse = z.infer<typeof loginResponseSchema>;
