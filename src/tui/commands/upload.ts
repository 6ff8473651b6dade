import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { PlottyError } from "../../shared/errors.ts";
import type { JobView } from "../../shared/ws-messages.ts";
import type { Api } from "../client/api.ts";
import type { Session } from "../session.ts";
import { oneLine } from "../text/format.ts";
import { Meter } from "../text/meter.ts";
import type { Theme } from "../text/theme.ts";

/** A drawing to be sent, and the name that the job's id is made from. */
export interface Upload {
  readonly svg: Uint8Array;
  readonly name: string;
}

/** What some files called .svg turn out to be, by their first bytes. */
const DISGUISES: readonly { readonly start: readonly number[]; readonly is: string }[] = [
  {
    start: [0x89, 0x50, 0x4e, 0x47],
    is: "a PNG picture: trace it to vectors first, in Inkscape for example",
  },
  { start: [0xff, 0xd8, 0xff], is: "a JPEG picture: trace it to vectors first, in Inkscape for example" },
  {
    start: [0x47, 0x49, 0x46, 0x38],
    is: "a GIF picture: trace it to vectors first, in Inkscape for example",
  },
  { start: [0x25, 0x50, 0x44, 0x46], is: "a PDF: save it as SVG first" },
  { start: [0x1f, 0x8b], is: 'compressed (svgz): unpack it first with "gunzip -c FILE | plotty add -"' },
  { start: [0x50, 0x4b, 0x03, 0x04], is: "a ZIP archive: unpack it first" },
];

/** Sends a drawing to the queue; a large one on a slow line with a bar. */
export async function submitUpload(
  session: Session,
  theme: Theme,
  api: Api,
  { svg, name }: Upload,
  query: Readonly<Record<string, string>>,
): Promise<JobView> {
  const meter = new Meter(session, theme, `sending ${oneLine(name)}`);
  try {
    return await api.submit(svg, query, (bytes) => meter.tell(bytes / svg.length));
  } finally {
    meter.end();
  }
}

/**
 * Reads a drawing from a file, or from stdin for `-`, and refuses what cannot be one before anything is sent.
 *
 * @throws PlottyError `file.unreadable` with a sentence for each way a file can be wrong
 */
export async function readUpload(session: Session, file: string): Promise<Upload> {
  const svg = file === "-" ? await readAll(session) : await readDrawing(file);
  const shown = file === "-" ? "what came on stdin" : file;
  if (svg.length === 0) throw unreadable(`${shown} is empty: an SVG drawing is needed`);
  const disguise = DISGUISES.find(({ start }) => start.every((byte, i) => svg[i] === byte));
  if (disguise) throw unreadable(`${shown} is no SVG but ${disguise.is}`);
  if (looksBinary(svg)) throw unreadable(`${shown} is no SVG: it holds binary data, not text`);
  return { svg, name: file === "-" ? "stdin" : basename(file) };
}

async function readDrawing(file: string): Promise<Uint8Array> {
  try {
    if ((await stat(file)).isDirectory()) {
      throw unreadable(
        `${file} is a directory: name the SVG files in it, such as ${file.replace(/\/+$/, "")}/*.svg`,
      );
    }
    return await readFile(file);
  } catch (error) {
    if (error instanceof PlottyError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw unreadable(`there is no file ${file}: check its name`);
    if (code === "EACCES") throw unreadable(`${file} may not be read: check its permissions`);
    throw new PlottyError(
      "file.unreadable",
      `${file} cannot be read: ${(error as Error).message}`,
      {},
      error,
    );
  }
}

async function readAll(session: Session): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of session.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** A zero byte, unless the byte-order mark says that the text is UTF-16. */
function looksBinary(bytes: Uint8Array): boolean {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return !isUtf16 && bytes.subarray(0, 8192).includes(0);
}

function unreadable(message: string): PlottyError {
  return new PlottyError("file.unreadable", message);
}
