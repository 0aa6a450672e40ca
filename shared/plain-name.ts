/** Names that people give and read again: of a caller, of a machine, of a GitHub account. */
import * as z from "zod";

/**
 * No control characters, no invisible ones, none that turn the direction of a line or begin a new one: such a name
 * could look like another, or break the line that it is printed on. Names that are stored already are read as they are.
 */
export const plainNameSchema = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, "leave out control characters and invisible ones");
