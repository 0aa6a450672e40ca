/** The used parts of undici: its index also loads fetch, mocks and more, 13 MB of memory. */
declare module "undici/lib/dispatcher/pool.js" {
  export { Pool as default } from "undici";
}
declare module "undici/lib/dispatcher/env-http-proxy-agent.js" {
  export { EnvHttpProxyAgent as default } from "undici";
}
declare module "undici/lib/web/websocket/websocket.js" {
  export { WebSocket } from "undici";
}
