import { PlottyError } from "../../shared/errors.ts";
import type { HttpContext } from "./http-app.ts";

/** The request's body; one larger than `maxBytes` is refused, as early as it is known. */
export async function readBody(context: HttpContext, maxBytes: number): Promise<Buffer> {
  if (Number(context.req.header("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of readable(context)) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

/** A client that goes away in the middle has made a bad request; nothing is wrong in here. */
async function* readable(context: HttpContext): AsyncGenerator<Uint8Array> {
  const body: AsyncIterable<Uint8Array> | null = context.req.raw.body;
  if (!body) return;
  try {
    yield* body;
  } catch (error) {
    throw new PlottyError(
      "request.invalid",
      "the request ended before its body was complete",
      undefined,
      error,
    );
  }
}

function tooLarge(maxBytes: number): PlottyError {
  const megabytes = Math.floor(maxBytes / 1024 / 1024);
  const message = `the body of a request may have up to ${megabytes} MB here`;
  return new PlottyError("request.too-large", message, { max_bytes: maxBytes });
}
