/** The pages for people, and their resources. */
import { Hono } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { assetRoutes } from "./assets/routes.ts";
import { dashboardRoutes } from "./dashboard/routes.tsx";
import { describeMe } from "./me.ts";
import { requireOperator } from "./operator.ts";
import { authRoutes } from "./sign-in.ts";

export const webRoutes = new Hono<AppEnv>();

webRoutes.route("/", assetRoutes);
webRoutes.route("/", authRoutes);
webRoutes.route("/", dashboardRoutes);
webRoutes.get("/v1/me", async (c) => c.json(describeMe(await requireOperator(c))));
