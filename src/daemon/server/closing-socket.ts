import { WebSocket } from "ws";

/**
 * A WebSocket that emits `closing` when its end begins, whoever wished it. Events are written to the stream beside `ws`,
 * and nothing may follow a close frame; asking before each write costs more than being told once.
 */
export class ClosingSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    this.emit("closing");
    super.close(code, reason);
  }
}
