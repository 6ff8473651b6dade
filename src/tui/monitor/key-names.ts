const NAMED = [
  "upArrow",
  "downArrow",
  "leftArrow",
  "rightArrow",
  "escape",
  "return",
  "home",
  "end",
  "backspace",
  "delete",
];

/** Ink's account of a key press as one name. */
export function keyName(input: string, key: Readonly<Record<string, boolean | undefined>>): string {
  if (key.tab) return key.shift ? "shift+tab" : "tab";
  if (key.ctrl) return `ctrl+${input}`;
  return NAMED.find((name) => key[name]) ?? input;
}

export interface Press {
  readonly name: string;
  /** Empty where it types nothing. */
  readonly text: string;
}

const CONTROL: Readonly<Record<string, string>> = {
  "\r": "return",
  "\n": "return",
  "\t": "tab",
  "\x7f": "backspace",
  "\x1b": "escape",
};

/** The keys of a text that came in one piece. */
export function keysOf(input: string): Press[] {
  return [...input].map((character) => {
    const name = CONTROL[character];
    return name ? { name, text: "" } : { name: character, text: character };
  });
}
