/**
 * The caller's bound on the age of an answer, in seconds; undefined without one, 0 for "ask GitHub" (`no-cache`,
 * `no-store`). Of several bounds the least counts. One that is no number counts as 0: a request for a fresh answer must
 * not get an old one.
 */
export function maxAgeSeconds(cacheControl: string | undefined): number | undefined {
  if (cacheControl === undefined) return undefined;
  const directives = cacheControl
    .toLowerCase()
    .split(",")
    .map((directive) => directive.split("=", 2).map((part) => part.trim()));
  if (directives.some(([name]) => name === "no-cache" || name === "no-store")) return 0;
  const bounds = directives.flatMap(([name, value = ""]) =>
    name === "max-age" ? [Number(/^(?:\d{1,9}|"\d{1,9}")$/.exec(value)?.[0].replaceAll('"', "") ?? 0)] : [],
  );
  return bounds.length === 0 ? undefined : Math.min(...bounds);
}
