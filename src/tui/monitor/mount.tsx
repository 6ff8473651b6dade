import { render } from "ink";
import type { Session } from "../session.ts";
import { App, type AppProps } from "./app.tsx";
import type { CellWriter } from "./cell-writer.ts";

/** Puts the app on the screen: Ink lays out, and hands each whole frame to the writer. @returns a function that ends it */
export function mountApp(props: AppProps, session: Session, writer: CellWriter): () => void {
  const { unmount } = render(<App {...props} />, {
    stdout: writer as unknown as NodeJS.WriteStream,
    stdin: session.stdin,
    stderr: session.stderr,
    debug: true, // whole frames, at once: the store sets the pace and the writer leaves out what did not change
    exitOnCtrlC: false,
    patchConsole: false,
  });
  return unmount;
}
