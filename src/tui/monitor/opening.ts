import { EMPTY_MIRROR, type Mirror } from "../client/mirror.ts";
import type { AppProps } from "./app.tsx";
import { placesOf, screenBlocks } from "./blocks.ts";
import type { CellWriter } from "./cell-writer.ts";
import { RowMemory } from "./row-memory.ts";
import { FIRST_VIEW, viewOf } from "./view.ts";

/** What the screen is made of before there are keys. */
export type OpeningProps = Pick<
  AppProps,
  "store" | "url" | "theme" | "panes" | "jobId" | "level" | "isReadOnly"
>;

/** A daemon that has not answered by then is waited for on the screen proper. */
const PATIENCE_MS = 250;

/**
 * Paints the screen with its first contents before Ink is loaded, which takes longer than all else: at once its frame, and the
 * rest when the daemon has told it. Resolves when that is done, or is not to be had so soon.
 */
export async function paintOpening(props: OpeningProps, writer: CellWriter): Promise<void> {
  const { store } = props;
  paint(props, EMPTY_MIRROR, writer);
  await new Promise<void>((resolve) => {
    const look = () => {
      const { system, link } = store.current();
      if (system || link.state === "lost" || link.state === "refused") finish();
    };
    const finish = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(finish, PATIENCE_MS);
    const stop = store.subscribe(look);
  });
  paint(props, store.current(), writer);
}

function paint(props: OpeningProps, mirror: Mirror, writer: CellWriter): void {
  const { store, panes, url, theme } = props;
  const size = { columns: writer.columns, rows: writer.rows };
  const view = viewOf(FIRST_VIEW, mirror, props);
  const places = mirror.system ? placesOf(panes, mirror, view, size) : [];
  if (places.some(({ pane }) => pane === "drawing")) store.plans.want(view.job);
  const figures = { throughput: store.throughput, traffic: null, nowMs: performance.now() };
  const input = { ...size, mirror, view, theme, figures, drawing: "loading", url, wallMs: Date.now() };
  const { still, live } = screenBlocks(places, input);
  writer.show(new RowMemory().regionsOf([...still, ...live]));
}
