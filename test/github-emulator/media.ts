type Format = "json" | "raw" | "diff" | "patch" | "sha" | "html" | "text" | "full" | "object";

/** The media type that the Accept header asks for. */
export interface Media {
  format: Format;
  textMatch: boolean;
}

const known = /^application\/vnd\.github(?:\.v3|\.v4)?(?:\.([a-z-]+))?(?:\+json)?$/;
const formats: ReadonlySet<string> = new Set(["raw", "diff", "patch", "sha", "html", "text", "full", "object"]);

/** Reads an Accept header; previews and unknown types mean plain JSON, as on GitHub. */
export function parseMedia(accept: string | undefined): Media {
  const media: Media = { format: "json", textMatch: false };
  for (const part of (accept ?? "").split(",")) {
    const name = known.exec(part.split(";")[0]?.trim() ?? "")?.[1];
    if (name === "text-match") media.textMatch = true;
    if (isFormat(name) && media.format === "json") media.format = name;
  }
  return media;
}

function isFormat(name: string | undefined): name is Format {
  return name !== undefined && formats.has(name);
}

/** The `X-GitHub-Media-Type` header. */
export function mediaHeader({ format }: Media): string {
  return format === "json" ? "github.v3; format=json" : `github.v3; param=${format}`;
}

/** The content type of a body in a custom media format. */
export function mediaType(format: Format): string {
  return `application/vnd.github.v3.${format}; charset=utf-8`;
}
