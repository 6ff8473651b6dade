import { runInNewContext } from "node:vm";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";

/** Runs a browser sample with the globals that its page would have; its sockets end with the test. */
export function runInPage(code: string, page: Record<string, unknown>): void {
  const sockets = new Set<WebSocket>();
  class PageWebSocket extends WebSocket {
    constructor(url: string) {
      super(url);
      sockets.add(this);
    }
  }
  onTestFinished(() => {
    for (const socket of sockets) socket.terminate();
  });
  runInNewContext(code, { WebSocket: PageWebSocket, ...page });
}

export async function until(
  isTrue: () => boolean,
  what: string,
  seen: () => unknown = () => "",
): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`waited for ${what}; saw ${JSON.stringify(seen())}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
