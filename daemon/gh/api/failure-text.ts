/** The message of `gh api` for an error body (parseErrorResponse in pkg/cmd/api/api.go). */
import * as z from "zod";
import type { ReadAnswer } from "../../reader.ts";
import { sanitizeJson } from "../reads/sanitize.ts";

const errorItem = z.union([z.looseObject({ message: z.string().default("") }), z.string()]);
const errorBody = z.looseObject({
  message: z.string().default(""),
  errors: z.union([z.string(), z.array(z.unknown())]).optional(),
});

/** Without the `gh: ` before it. */
export function failureText(answer: ReadAnswer): string {
  return messageOf(answer) || `HTTP ${answer.status}`;
}

function messageOf(answer: ReadAnswer): string {
  if (answer.status < 400 || !/[/+]json(;|$)/.test(answer.headers["content-type"] ?? "")) return "";
  const { message, errors } = errorBody.parse(JSON.parse(sanitizeJson(new TextDecoder().decode(answer.body))));
  if (typeof errors === "string" && errors !== "") return message === "" ? errors : `${errors} (${message})`;
  if (message !== "") return `${message} (HTTP ${answer.status})`;
  if (!Array.isArray(errors)) return "";
  return errors
    .flatMap((item) => {
      const parsed = errorItem.safeParse(item);
      if (!parsed.success) return [];
      return [typeof parsed.data === "string" ? parsed.data : parsed.data.message];
    })
    .join("\n");
}
