import { useStdout } from "ink";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { Mirror } from "../client/mirror.ts";
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
