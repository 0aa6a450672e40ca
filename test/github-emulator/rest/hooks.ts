import * as z from "zod";
import type { Delivery, Hooks } from "../hooks/deliveries.ts";
import {
  type ApiCall,
  type ApiHandler,
  type ApiReply,
  apiUrl,
  failure,
  invalid,
  notFound,
  ok,
  type Routes,
} from "../http.ts";

const configSchema = z.object({
  url: z.url().optional(),
  secret: z.string().optional(),
  content_type: z.enum(["json", "form"]).optional(),
  insecure_ssl: z.union([z.string(), z.number()]).optional(),
});

/** The webhook of the App that asks: its configuration and its deliveries. */
export function hookRoutes(hooks: Hooks): Routes {
  const config = () => ({ content_type: "json", insecure_ssl: "0", secret: "********", url: hooks.options?.url ?? "" });
  return {
    "GET /app/hook/config": asApp(() => ok(config())),
    "PATCH /app/hook/config": asApp((call) => {
      const asked = configSchema.safeParse(call.body);
      if (!asked.success) return invalid("Hook", "url", "invalid");
      const { url = hooks.options?.url ?? "", secret = hooks.options?.secret ?? "" } = asked.data;
      hooks.options = { ...hooks.options, url, secret };
      return ok(config());
    }),
    "GET /app/hook/deliveries": asApp((call) => listed(call, hooks.deliveries)),
    "POST /app/hook/deliveries/:id/attempts": asApp((call) =>
      hooks.redeliver(Number(call.params.id)) ? { status: 202, body: {} } : notFound(),
    ),
  };
}

/** Newest first, by cursor and not by page: a delivery meanwhile moves nothing. */
function listed({ query }: ApiCall, all: readonly Delivery[]): ApiReply {
  const size = Math.min(Math.max(1, Number(query.get("per_page") ?? 30) || 30), 100);
  const cursor = /^v1_(\d+)$/.exec(query.get("cursor") ?? "")?.[1];
  const from = cursor === undefined ? all : all.filter(({ id }) => id < Number(cursor));
  const page = from.slice(0, size);
  const last = page.at(-1);
  if (last === undefined || page.length === from.length) return ok(page);
  const next = new URLSearchParams({ per_page: String(size), cursor: `v1_${last.id}` });
  return { ...ok(page), headers: { link: `<${apiUrl}/app/hook/deliveries?${next}>; rel="next"` } };
}

function asApp(handle: ApiHandler): ApiHandler {
  return (call) =>
    call.viewer.kind === "app"
      ? { ...handle(call), volatile: true }
      : failure(401, "A JSON web token could not be decoded");
}
