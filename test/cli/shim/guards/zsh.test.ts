import { guardsIn } from "./in-shell.ts";

guardsIn("zsh");
