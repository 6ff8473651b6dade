import { useStdout } from "ink";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Mirror } from "../client/mirror.ts";
import type { AppProps } from "./app.tsx";
import type { Place } from "./arrange.ts";
import type { Region } from "./cell-writer.ts";
import { Picture } from "./drawing/picture.ts";
import type { Traffic } from "./statistics-rows.ts";
import type { MonitorStore } from "./store.ts";
import type { View } from "./view.ts";

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

const SECOND_MS = 1000;
const TRAFFIC_EVERY_S = 5;

/** Figures for the pane of statistics, anew each second while it is shown. */
export function useStatistics(store: MonitorStore, isShown: boolean) {
  const [nowMs, setNow] = useState(() => performance.now());
  const [traffic, setTraffic] = useState<Traffic | null>(null);
  useEffect(() => {
    if (!isShown) return;
    let second = 0;
    const tick = () => {
      setNow(performance.now());
      if (second++ % TRAFFIC_EVERY_S === 0) void store.traffic().then(setTraffic);
    };
    tick();
    const timer = setInterval(tick, SECOND_MS);
    return () => clearInterval(timer);
  }, [store, isShown]);
  return { throughput: store.throughput, traffic, nowMs };
}

/** The drawing of the selected job, for the place that is left for it; or why there is none. */
export function usePicture(
  { store, theme }: AppProps,
  mirror: Mirror,
  view: View,
  places: readonly Place[],
): { picture?: Region | undefined; why?: string } {
  const { job } = view;
  const answer = useSyncExternalStore(store.plans.subscribe, () => store.plans.of(job));
  const picture = useRef<Picture>(undefined);
  picture.current ??= new Picture(theme);
  const place = places.find(({ pane }) => pane === "drawing");
  const isWanted = place !== undefined;
  useEffect(() => {
    if (isWanted) store.plans.want(job);
  });
  if (answer.state !== "here") return { why: answer.state === "asked" ? "loading" : answer.why };
  if (!place || !job) return {};
  const { look, showsTravel } = view;
  return { picture: picture.current.region(answer.plan, place, { job, mirror, look, showsTravel }) };
}
