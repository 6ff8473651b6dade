import { useInput } from "ink";
import { useCallback, useRef } from "react";
import { keyName, keysOf, type Press } from "./keymap.ts";

/**
 * Each key press, by name and by what it types, to the handler of the newest render. Ink takes a new handler over only after the
 * frame is painted; a key pressed at what that frame says would still meet the one before, so Ink gets one that never changes.
 *
 * Keys that are pressed in one go, or while this program was busy, come as one text. Each of them is handled after the frame
 * of the one before, because that may have changed what it means; what goes into a prompt stays one piece.
 */
export function useKeys(onKey: (name: string, text: string) => void, isTyping: boolean): void {
  const newest = useRef({ onKey, isTyping });
  newest.current = { onKey, isTyping };
  const waiting = useRef<readonly Press[]>([]);
  const handleNext = useCallback(() => {
    const typed = newest.current.isTyping ? leadingText(waiting.current) : [];
    const [press] = waiting.current;
    if (typed.length > 1) newest.current.onKey(...asPasted(typed));
    else newest.current.onKey(press!.name, press!.text);
    waiting.current = waiting.current.slice(Math.max(1, typed.length));
    if (waiting.current.length > 0) setImmediate(handleNext);
  }, []);
  const handler = useCallback<Parameters<typeof useInput>[0]>(
    (input, key) => {
      const name = keyName(input, key as unknown as Record<string, boolean>);
      const isBusy = waiting.current.length > 0;
      waiting.current = [...waiting.current, ...(name === input ? keysOf(input) : [{ name, text: "" }])];
      if (!isBusy) handleNext();
    },
    [handleNext],
  );
  useInput(handler);
}

function leadingText(presses: readonly Press[]): readonly Press[] {
  const end = presses.findIndex(({ text }) => text === "");
  return end === -1 ? presses : presses.slice(0, end);
}

function asPasted(presses: readonly Press[]): [name: string, text: string] {
  const text = presses.map((press) => press.text).join("");
  return [text, text];
}
