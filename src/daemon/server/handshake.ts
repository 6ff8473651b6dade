import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** A close frame has room for 123 bytes. */
export function closeReason(text: string): string {
  return Buffer.from(text)
    .subarray(0, 123)
    .toString()
    .replace(/\uFFFD+$/, "");
}

export function requestUrl(request: IncomingMessage): URL | null {
  const path = request.url ?? "/";
  return path.startsWith("/") && URL.canParse(`http://plotty${path}`)
    ? new URL(`http://plotty${path}`)
    : null;
}

/** What is wrong with a WebSocket handshake, in words that end a sentence; null when nothing is. */
export function handshakeFlaw({ method, headers }: IncomingMessage): string | null {
  if (method !== "GET") return `a WebSocket handshake is a GET, not a ${method}`;
  if (headers.upgrade?.toLowerCase() !== "websocket") return "the Upgrade header must be websocket";
  if (!/^[+/0-9A-Za-z]{22}==$/.test(headers["sec-websocket-key"] ?? "")) {
    return "the Sec-WebSocket-Key must be 16 bytes in base64 (a WebSocket client sends that by itself)";
  }
  if (headers["sec-websocket-version"] !== "13") return "the Sec-WebSocket-Version must be 13";
  return null;
}

/** Answers before any upgrade, with one line of text. */
export function refuse(
  stream: Duplex,
  status: number,
  line: string,
  headers: Record<string, string> = {},
): void {
  const body = `${line}\n`;
  const all = {
    Connection: "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": String(Buffer.byteLength(body)),
    ...headers,
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  stream.once("finish", () => stream.destroy());
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join("")}\r\n${body}`);
}
