import { Box, Text } from "ink";
import { memo } from "react";
import { createTheme } from "../text/theme.ts";
import type { AppProps } from "./app.tsx";
import { useMirror, useStatistics } from "./hooks.ts";
import { type SpokenLine, spokenLines } from "./spoken-lines.ts";
import { useView } from "./use-view.ts";

/** All the help is told, so it is never scrolled. */
const HIGH = { columns: 80, rows: 1000 };
const PLAIN = createTheme(false, true);

/** The monitor for a screen reader: Ink writes its lines one below the other, and again those that changed. */
export function Spoken(props: AppProps) {
  const mirror = useMirror(props.store);
  const view = useView(props, mirror, HIGH);
  const { traffic } = useStatistics(props.store, view.focus === "statistics");
  return <Lines lines={spokenLines({ mirror, view, theme: PLAIN, traffic })} />;
}

/** Rendered only when something else is to be said: Ink would write even so. */
const Lines = memo(
  ({ lines }: { lines: readonly SpokenLine[] }) => (
    <Box flexDirection="column">
      {lines.map(({ text, isSelected = false }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place among the others
        <Box key={i} aria-state={{ selected: isSelected }}>
          <Text>{text}</Text>
        </Box>
      ))}
    </Box>
  ),
  (before, after) => JSON.stringify(before.lines) === JSON.stringify(after.lines),
);
