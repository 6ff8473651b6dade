import { PlottyError } from "../../shared/errors.ts";
import type { HttpContext } from "./http-context.ts";

/** The request's body, whole; one larger than `maxBytes` is refused, as early as it is known. */
export async function readBody(context: HttpContext, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodyChunks(context, maxBytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The request's body as it comes. A client that goes away in the middle has made a bad request; nothing is wrong in here. */
export async function* bodyChunks(context: HttpContext, maxBytes: number): AsyncGenerator<Uint8Array> {
  if (Number(context.req.header("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
  let bytes = 0;
  for await (const chunk of received(context)) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
}

async function* received(context: HttpContext): AsyncGenerator<Uint8Array> {
  const body: AsyncIterable<Uint8Array> | null = context.req.raw.body;
  if (!body) return;
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await chunks.next().catch(brokenOff);
      if (done) return;
      yield value;
    }
  } finally {
    await chunks.return?.();
  }
}

function brokenOff(error: unknown): never {
  const message = "the request ended before its body was complete";
  throw new PlottyError("request.invalid", message, undefined, error);
}

function tooLarge(maxBytes: number): PlottyError {
  const megabytes = Math.floor(maxBytes / 1024 / 1024);
  const message = `the body of a request may have up to ${megabytes} MB here`;
  return new PlottyError("request.too-large", message, { max_bytes: maxBytes });
}
