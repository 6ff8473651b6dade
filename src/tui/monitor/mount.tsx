import { render } from "ink";
import type { Session } from "../session.ts";
import { App, type AppProps } from "./app.tsx";
import type { CellWriter } from "./cell-writer.ts";
import { Spoken } from "./spoken.tsx";

/** Puts the app on the screen: Ink lays out, and hands each whole frame to the writer. @returns a function that ends it */
export function mountApp(props: AppProps, { stdin, stderr }: Session, writer: CellWriter): () => void {
  const { unmount } = render(<App {...props} painter={writer} />, {
    stdout: writer as unknown as NodeJS.WriteStream,
    stdin,
    stderr,
    debug: true, // whole frames, at once: the store sets the pace and the writer leaves out what did not change
    exitOnCtrlC: false,
    patchConsole: false,
  });
  return unmount;
}

/** Lets Ink write lines for a screen reader. @returns a function that ends it */
export function mountSpoken(props: AppProps, { stdin, stdout, stderr }: Session): () => void {
  const { unmount } = render(<Spoken {...props} />, {
    stdout,
    stdin,
    stderr,
    isScreenReaderEnabled: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  return unmount;
}
