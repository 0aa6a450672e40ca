/** Characters whose width is another for later versions of gh, which measure what is seen instead of adding up. */
import type { GhRelease } from "../versions.ts";

/** Marks, joiners, flags, skin tones, Hangul letters that join, and symbols that became wide. */
const joined =
  /[\p{M}\p{Cf}\p{Regional_Indicator}\p{Emoji_Modifier}\p{Cn}\u1100-\u11ff\u{16fe0}-\u{16fff}\u{187f8}-\u{187ff}\u{18d00}-\u{18dff}]/u;

/** Later versions take some texts for narrower or wider than the table of single characters says: native there. */
export function requirePlainWidth(text: string, gh: GhRelease): void {
  if (joined.test(text) && gh.has("joinedCharacters")) gh.native("the width of joined characters");
}
