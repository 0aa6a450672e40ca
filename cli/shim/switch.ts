/** As the settings read a switch; anything unclear counts as on, because it was meant to change something. */
export function isOn(value: string | undefined): boolean {
  return !/^\s*(0|false|no|off)?\s*$/i.test(value ?? "");
}
