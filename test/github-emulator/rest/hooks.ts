import { z } from "zod";
import type { Hooks } from "../hooks/deliveries.ts";
import { failure, type Handler, invalid, notFound, ok, type Routes } from "../http.ts";
import { paged } from "../links.ts";

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
    "GET /app/hook/deliveries": asApp((call) =>
      paged(call, [...hooks.deliveries], { path: "/app/hook/deliveries", render: (each) => each }),
    ),
    "POST /app/hook/deliveries/:id/attempts": asApp((call) =>
      hooks.redeliver(Number(call.params.id)) ? { status: 202, body: {} } : notFound(),
    ),
  };
}

function asApp(handle: Handler): Handler {
  return (call) =>
    call.viewer.kind === "app"
      ? { ...handle(call), volatile: true }
      : failure(401, "A JSON web token could not be decoded");
}
