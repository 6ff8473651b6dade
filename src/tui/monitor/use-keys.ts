import { useInput } from "ink";
import { useCallback, useRef } from "react";
import { keyName, keysOf, type Press } from "./key-names.ts";

export interface KeyHandler {
  /** @param name of the key @param text what it types; empty where it types nothing */
  press(name: string, text: string): void;
  /** Whether keys go into a prompt: then a text is pasted in one piece. */
  isTyping(): boolean;
}

/**
 * Each key press to the handler of the newest render. Ink takes a new handler over only after the frame is painted; a key
 * pressed at what that frame says would still meet the one before, so Ink gets one that never changes. Keys that were pressed
 * in one go, or while this program was busy, come as one text: they count one by one.
 */
export function useKeys(keys: KeyHandler): void {
  const newest = useRef(keys);
  newest.current = keys;
  const onInput = useCallback<Parameters<typeof useInput>[0]>((input, key) => {
    const name = keyName(input, key as unknown as Record<string, boolean>);
    if (name === input) pressEach(newest.current, keysOf(input));
    else newest.current.press(name, "");
  }, []);
  useInput(onInput);
}

function pressEach(keys: KeyHandler, presses: readonly Press[]): void {
  for (let at = 0; at < presses.length; ) {
    const typed = keys.isTyping() ? leadingText(presses.slice(at)) : "";
    if (typed === "") keys.press(presses[at]!.name, presses[at]!.text);
    else keys.press(typed, typed);
    at += Math.max(1, [...typed].length);
  }
}

function leadingText(presses: readonly Press[]): string {
  const end = presses.findIndex(({ text }) => text === "");
  const texts = end === -1 ? presses : presses.slice(0, end);
  return texts.map(({ text }) => text).join("");
}
