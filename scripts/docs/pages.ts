interface Part {
  readonly part: string;
  /** File name without its ending, and its name in the navigation. */
  readonly files: readonly (readonly [name: string, title: string])[];
}

/** The pages of the site in reading order, by part. Every file in docs/ must be here: a test compares. */
export const pages: readonly Part[] = [
  {
    part: "Using it",
    files: [
      ["index", "Quick start"],
      ["daily-use", "Daily use"],
      ["freshness", "How a read is decided"],
      ["cli", "Commands"],
      ["gh", "The gh engine"],
    ],
  },
  {
    part: "Running a relay",
    files: [
      ["self-hosting", "Self-hosting"],
      ["identities", "Identities and GitHub's terms"],
      ["operations", "Operations"],
      ["admin", "Administration"],
      ["dashboard", "Dashboard"],
    ],
  },
  {
    part: "Reference",
    files: [
      ["api", "Relay API"],
      ["security", "Security and threat model"],
      ["performance", "Performance"],
      ["scale", "Scale"],
    ],
  },
  {
    part: "Inside",
    files: [
      ["glossary", "Glossary"],
      ["architecture", "Architecture tour"],
      ["relay", "The relay"],
      ["daemon", "The daemon"],
      ["emulator", "The GitHub emulator"],
      ["contributing", "Contributing"],
      ["decisions", "Decisions"],
    ],
  },
];
