import { createHash } from "node:crypto";
import { PlottyError } from "../../shared/errors.ts";
import { MAX_UPLOAD_BYTES, submitFieldsSchema } from "../../shared/http-messages.ts";
import type { JobUpload } from "../services.ts";
import { bodyChunks } from "./body.ts";
import type { HttpContext } from "./http-context.ts";
import { readForm } from "./multipart.ts";
import { checked, plotOptions, queryValues } from "./request-values.ts";
import type { Spool, SpoolFile } from "./spool.ts";

/** A drawing that has arrived whole and lies in a file, with what was asked for it. */
export interface Upload {
  readonly upload: JobUpload;
  /** The same for the same drawing with the same options. */
  readonly fingerprint: string;
  /** To be called in the end, whatever became of it. */
  discard(): Promise<void>;
}

interface Received {
  readonly fileName: string;
  readonly values: Readonly<Record<string, string>>;
}

const LONGEST_FIELD = 65_536;
const MOST_FIELDS = 64;

/**
 * A drawing with its options: a form with a `file` field, or the SVG itself as the body and options in the query. It goes to
 * the disk as it comes; one larger than `maxBytes` is refused as early as that is known.
 */
export async function readUpload(
  context: HttpContext,
  spool: Spool,
  maxBytes = MAX_UPLOAD_BYTES,
): Promise<Upload> {
  const chunks = bodyChunks(context, maxBytes);
  const type = context.req.header("content-type") ?? "";
  const file = await spool.file();
  const discard = () => file.discard();
  try {
    const { fileName, values } = /^multipart\/form-data/i.test(type)
      ? await receiveForm(readForm(chunks, type), file)
      : await receiveBody(chunks, file);
    const digest = await file.finish();
    if (file.bytes === 0) throw noDrawing();
    const fields = checked(submitFieldsSchema, { ...queryValues(context), ...values });
    const { name, priority, device, hold, ...plot } = fields;
    const svg = { file: file.path };
    const upload = { svg, fileName: name ?? fileName, options: plotOptions(plot), priority, device, hold };
    return { upload, fingerprint: fingerprintOf(digest, { ...upload, svg: null }), discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

async function receiveBody(chunks: AsyncIterable<Uint8Array>, file: SpoolFile): Promise<Received> {
  for await (const chunk of chunks) await file.write(chunk);
  return { fileName: "drawing.svg", values: {} };
}

async function receiveForm(pieces: ReturnType<typeof readForm>, file: SpoolFile): Promise<Received> {
  const values: Record<string, string> = {};
  let fileName: string | null = null;
  let field: string | null = null;
  for await (const piece of pieces) {
    if (piece.type === "part") {
      field = piece.name === "file" ? null : piece.name;
      if (field === null && fileName !== null)
        throw invalid("file", 'the form has two fields "file": send one drawing a request');
      if (field === null) fileName = piece.fileName || "drawing.svg";
      else if (piece.fileName !== null) throw invalid(field, `field "${field}" must be text, not a file`);
      else if (Object.keys(values).length >= MOST_FIELDS)
        throw invalid(field, `a form may have ${MOST_FIELDS} fields here`);
      else values[field] = "";
    } else if (field === null) await file.write(piece.data);
    else values[field] = longer(field, values[field]!, piece.data);
  }
  if (fileName === null) throw invalid("file", 'the form has no field "file" with the drawing');
  return { fileName, values: utf8Values(values) };
}

/** Bytes as Latin-1 until the field is whole, since a character may be cut in two. */
function longer(field: string, value: string, data: Buffer): string {
  const text = value + data.toString("latin1");
  if (text.length > LONGEST_FIELD) throw invalid(field, `field "${field}" may have ${LONGEST_FIELD} bytes`);
  return text;
}

function utf8Values(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, Buffer.from(text, "latin1").toString()]),
  );
}

function fingerprintOf(digest: string, rest: unknown): string {
  return createHash("sha256").update(digest).update(JSON.stringify(rest)).digest("hex");
}

function noDrawing(): PlottyError {
  return invalid(
    "file",
    "the request holds no drawing: send the SVG as the body, or a form with a file field",
  );
}

function invalid(field: string, message: string): PlottyError {
  return new PlottyError("request.invalid", message, { field });
}
