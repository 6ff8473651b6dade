import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { TestServer } from "./support.ts";

/** Listens to one stream and keeps what it says. */
export class Listener {
  readonly socket: WebSocket;
  readonly messages: Record<string, unknown>[] = [];
  readonly texts: string[] = [];
  closed: { code: number; reason: string } | null = null;

  constructor(daemon: TestServer, path: string, port = daemon.server.port) {
    this.socket = new WebSocket(`ws://localhost:${port}/api/v1/ws/${path}`);
    this.socket.on("message", (data) => {
      const text = data.toString();
      if (text.startsWith("{")) this.messages.push(JSON.parse(text));
      else this.texts.push(text);
    });
    this.socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    this.socket.on("error", () => {});
    onTestFinished(() => this.socket.terminate());
  }

  async until(isTrue: () => boolean, what: string): Promise<this> {
    const deadline = Date.now() + 15_000;
    while (!isTrue()) {
      if (Date.now() > deadline)
        throw new Error(`waited for ${what}: ${JSON.stringify([this.messages, this.closed])}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return this;
  }

  opened(): Promise<this> {
    return this.until(() => this.socket.readyState === WebSocket.OPEN, "an open socket");
  }

  /** A round trip. */
  async settle(): Promise<void> {
    const before = this.texts.length;
    this.socket.send("ping");
    await this.until(() => this.texts.length > before, "pong");
  }
}
