import { Box, Text } from "ink";
import { memo, useRef } from "react";
import type { JobView } from "../../shared/ws-messages.ts";
import type { Theme } from "../text/theme.ts";
import { type Block, type PanesWanted, placesOf, screenBlocks } from "./blocks.ts";
import type { CellWriter } from "./cell-writer.ts";
import type { Command } from "./commands.ts";
import { useClock, useMirror, usePicture, useSize, useStatistics } from "./hooks.ts";
import type { Action, Target } from "./keymap.ts";
import { RowMemory } from "./row-memory.ts";
import type { MonitorStore } from "./store.ts";
import { useView } from "./use-view.ts";
import type { Wanted } from "./view.ts";

export interface AppProps extends Wanted {
  readonly store: MonitorStore;
  readonly url: string;
  readonly theme: Theme;
  readonly panes: PanesWanted;
  /** Does what the daemon or the terminal has to do. @returns what to tell about it */
  onAction(action: Action, target: Target): Promise<string>;
  onCommand(command: Command, job: JobView | undefined): Promise<string>;
  /** A job that the mirror may not hold. */
  onFind(id: string): Promise<JobView>;
  onAdd(path: string): Promise<string>;
}

/**
 * The whole screen. Ink lays out what the keys change, the bottom line. What may change ten times a second goes
 * to the painter as it is, because Ink reads every character of the screen anew for each that changes, and forgets no text.
 */
export function App({ painter, ...props }: AppProps & { readonly painter: Pick<CellWriter, "show"> }) {
  const { store, theme, url } = props;
  const mirror = useMirror(store);
  const size = useSize();
  const wallMs = useClock();
  const view = useView(props, mirror, size);
  const memory = useRef<RowMemory>(undefined);
  memory.current ??= new RowMemory();
  const places = placesOf(props.panes, mirror, view, size);
  const isShown = places.some(({ pane }) => pane === "statistics");
  const figures = useStatistics(store, isShown);
  const { picture, why: drawing } = usePicture(props, mirror, view, places);
  const blocks = screenBlocks(places, { ...size, mirror, view, theme, figures, drawing, url, wallMs });
  const texts = memory.current.regionsOf(blocks.live);
  painter.show(picture ? [...texts, picture] : texts);
  return <Still blocks={blocks.still} columns={size.columns} rows={size.rows} />;
}

interface StillProps {
  readonly blocks: readonly Block[];
  readonly columns: number;
  readonly rows: number;
}

/** Rendered, and so laid out by Ink, when one of its lines has changed. */
const Still = memo(
  ({ blocks, columns, rows }: StillProps) => (
    <Box width={columns} height={rows}>
      {blocks.map(({ left, top, width, lines }) => (
        <Box
          key={`${left} ${top}`}
          position="absolute"
          flexDirection="column"
          marginLeft={left}
          marginTop={top}
          width={width}
        >
          {lines.map((line, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
            <Text key={i} wrap="truncate-end">
              {line || " "}
            </Text>
          ))}
        </Box>
      ))}
    </Box>
  ),
  (before, after) => keyOf(before) === keyOf(after),
);

function keyOf({ blocks, columns, rows }: StillProps): string {
  const texts = blocks.map(({ left, top, width, lines }) => [left, top, width, ...lines].join("\n"));
  return [columns, rows, ...texts].join("\n");
}
