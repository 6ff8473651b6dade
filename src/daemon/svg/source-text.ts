import { isAscii } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { PlottyError } from "../../shared/errors.ts";

/** A compressed file may not unfold into more than this. */
const MAX_UNZIPPED_BYTES = 256 * 1024 * 1024;
const CHUNK_BYTES = 1 << 18;
/** In these a file of ASCII alone is what it is; its text then takes one byte a character. */
const ASCII_COMPATIBLE = /^(?:utf-8|utf8|us-ascii|ascii|iso-8859-\d+|windows-125\d|latin1)$/i;

/**
 * The text of an SVG file in pieces, so that a large file is never held twice. Encodings: UTF-8, UTF-16 by its byte order
 * mark (or by its first `<`), and what the XML declaration names. `.svgz` is unpacked.
 *
 * @throws PlottyError `svg.unreadable` for what can be seen to be something else
 */
export function* sourceText(svg: Uint8Array | string): Generator<string> {
  if (typeof svg === "string") {
    if (svg.trim() === "") throw emptyFile();
    yield svg.charCodeAt(0) === 0xfeff ? svg.slice(1) : svg;
    return;
  }
  const bytes = unzip(svg);
  refuseOtherFormats(bytes);
  const encoding = encodingOf(bytes);
  if (ASCII_COMPATIBLE.test(encoding) && isAscii(bytes)) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
      yield buffer.toString("latin1", from, Math.min(bytes.length, from + CHUNK_BYTES));
    }
    return;
  }
  const decoder = new TextDecoder(encoding);
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
    yield decoder.decode(bytes.subarray(from, from + CHUNK_BYTES), { stream: true });
  }
  yield decoder.decode();
}

function emptyFile(): PlottyError {
  return new PlottyError("svg.unreadable", "the file is empty: there is no SVG in it");
}

function unzip(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNZIPPED_BYTES });
  } catch (error) {
    throw new PlottyError(
      "svg.unreadable",
      `the file is gzip-compressed (.svgz) and cannot be unpacked: ${(error as Error).message}`,
      undefined,
      error,
    );
  }
}

const SIGNATURES: readonly (readonly [string, string])[] = [
  ["\x89PNG", "a PNG image"],
  ["\xff\xd8\xff", "a JPEG image"],
  ["GIF8", "a GIF image"],
  ["%PDF", "a PDF document"],
  ["%!PS", "a PostScript document"],
  ["PK\x03\x04", "a ZIP archive"],
  ["RIFF", "a RIFF file"],
  ["BM", "a bitmap image"],
];

function refuseOtherFormats(bytes: Uint8Array): void {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString("latin1");
  if (bytes.length === 0 || (bytes.length <= 256 && head.trim() === "")) throw emptyFile();
  const other = SIGNATURES.find(([signature]) => head.startsWith(signature));
  if (other) throw new PlottyError("svg.unreadable", `this is ${other[1]}, not an SVG`);
  const beginsLikeXml = /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*</.test(head);
  if (!beginsLikeXml)
    throw new PlottyError("svg.unreadable", "this is not an SVG: the file does not begin with <");
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = [bytes[0], bytes[1]];
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return "utf-16be";
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString("latin1");
  const named = /^(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1];
  // A file that says UTF-16 and has no mark is read by its bytes, which are of one-byte characters.
  if (named === undefined || /^utf-?16/i.test(named)) return "utf-8";
  return isKnownEncoding(named) ? named : "utf-8";
}

function isKnownEncoding(name: string): boolean {
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return false;
  }
}
