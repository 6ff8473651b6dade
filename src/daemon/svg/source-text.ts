import { isAscii } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { PlottyError } from "../../shared/errors.ts";
import { withoutImageData } from "./image-data.ts";

/** A compressed file may not unfold into more than this. */
const MAX_UNZIPPED_BYTES = 256 * 1024 * 1024;
const PIECE_BYTES = 1 << 18;
/** In these a file of ASCII alone is what it is; its text then takes one byte a character. */
const ASCII_COMPATIBLE = /^(?:utf-8|utf8|us-ascii|ascii|iso-8859-\d+|windows-125\d|latin1)$/i;

/** A file's text or bytes, or its bytes in pieces, which can be gone through again. */
export type SvgSource = string | Uint8Array | Iterable<Uint8Array>;

/**
 * The text of an SVG file in pieces, so that a large file is never held whole. Encodings: UTF-8, UTF-16 by its byte order
 * mark (or by its first `<`), and what the XML declaration names. `.svgz` is unpacked.
 *
 * @throws PlottyError `svg.unreadable` for what can be seen to be something else
 */
export function sourceText(svg: SvgSource): Iterable<string> {
  if (typeof svg !== "string") return withoutImageData(decoded(svg));
  if (svg.trim() === "") throw emptyFile();
  return [svg.charCodeAt(0) === 0xfeff ? svg.slice(1) : svg];
}

function* decoded(svg: Uint8Array | Iterable<Uint8Array>): Generator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let encoding: string | undefined;
  for (const piece of unzipped(svg instanceof Uint8Array ? inPieces(svg) : svg)) {
    if (encoding === undefined) {
      refuseOtherFormats(piece);
      encoding = encodingOf(piece);
    }
    if (!decoder && ASCII_COMPATIBLE.test(encoding) && isAscii(piece)) {
      yield Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString("latin1");
    } else {
      decoder ??= new TextDecoder(encoding);
      yield decoder.decode(piece, { stream: true });
    }
  }
  if (encoding === undefined) throw emptyFile();
  if (decoder) yield decoder.decode();
}

function* inPieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) yield bytes.subarray(from, from + PIECE_BYTES);
}

/** What is compressed has to be held whole. */
function* unzipped(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  const zipped: Uint8Array[] = [];
  let isFirst = true;
  for (const piece of pieces) {
    if (isFirst ? isZipped(piece) : zipped.length > 0) zipped.push(piece.slice());
    else yield piece;
    isFirst = false;
  }
  if (zipped.length > 0) yield* inPieces(unzip(Buffer.concat(zipped)));
}

function isZipped(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function emptyFile(): PlottyError {
  return new PlottyError("svg.unreadable", "the file is empty: there is no SVG in it");
}

function unzip(bytes: Uint8Array): Uint8Array {
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
