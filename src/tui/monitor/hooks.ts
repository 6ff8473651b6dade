import { useInput, useStdout } from "ink";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Mirror } from "../client/mirror.ts";
import { keyName } from "./keymap.ts";
import type { MonitorStore } from "./store.ts";

export function useMirror(store: MonitorStore): Mirror {
  return useSyncExternalStore(store.subscribe, store.current);
}

/** Size of the terminal in cells. */
export function useSize(): { columns: number; rows: number } {
  const { stdout } = useStdout();
  const [size, setSize] = useState({ columns: stdout.columns, rows: stdout.rows });
  useEffect(() => {
    const onResize = () => setSize({ columns: stdout.columns, rows: stdout.rows });
    stdout.on("resize", onResize);
    return () => {
      stdout.off("resize", onResize);
    };
  }, [stdout]);
  return size;
}

const MINUTE_MS = 60_000;

/** The time, told anew at each full minute: a screen that shows seconds is never unchanged. */
export function useClock(): number {
  const [nowMs, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), MINUTE_MS - (nowMs % MINUTE_MS));
    return () => clearTimeout(timer);
  }, [nowMs]);
  return nowMs;
}

/**
 * Each key press, by name, to the handler of the newest render. Ink takes a new handler over only after the frame is
 * painted; a key pressed at what that frame says would still meet the one before, so Ink gets one that never changes.
 */
export function useKeys(onKey: (name: string) => void): void {
  const newest = useRef(onKey);
  newest.current = onKey;
  const handler = useCallback<Parameters<typeof useInput>[0]>((input, key) => {
    newest.current(keyName(input, key as unknown as Record<string, boolean>));
  }, []);
  useInput(handler);
}
