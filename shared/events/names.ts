/** The paths by which events arrive and are sent on; apart from the messages, whose forms need a schema library. */

export const eventsPath = "/v1/events";
export const hooksPath = "/v1/hooks/github";
export const eventsProtocol = "octopool.events.v1";
