/** What is being typed in the bottom line, and what it is for. */
export interface Prompt {
  readonly kind: "filter" | "command" | "add";
  readonly text: string;
}

export type Edit =
  | { readonly type: "typing"; readonly prompt: Prompt }
  | { readonly type: "done"; readonly prompt: Prompt }
  | { readonly type: "left" };

const LEADS: Readonly<Record<Prompt["kind"], string>> = { filter: "/", command: ":", add: "add file: " };

/**
 * The prompt after a key. Escape leaves it, and so does deleting from an empty one.
 *
 * @param name the key's name @param text what it types, empty where it types nothing @param complete for Tab
 */
export function editPrompt(
  prompt: Prompt,
  name: string,
  text: string,
  complete: (prompt: Prompt) => string,
): Edit {
  const typing = (to: string): Edit => ({ type: "typing", prompt: { ...prompt, text: to } });
  if (name === "escape") return { type: "left" };
  if (name === "return") return { type: "done", prompt };
  if (name === "tab") return typing(complete(prompt));
  if (name === "ctrl+u") return typing("");
  if (name === "ctrl+w") return typing(prompt.text.replace(/\S*\s*$/, ""));
  if (name === "backspace" || name === "delete") {
    return prompt.text === "" ? { type: "left" } : typing([...prompt.text].slice(0, -1).join(""));
  }
  const [typed, ...rest] = text.split(/[\r\n]/);
  const edited = { ...prompt, text: prompt.text + (typed ?? "").replace(/[\x00-\x1f\x7f-\x9f]/g, "") };
  return rest.length > 0 ? { type: "done", prompt: edited } : { type: "typing", prompt: edited };
}

export function promptText({ kind, text }: Prompt): string {
  return `${LEADS[kind]}${text}_`;
}
