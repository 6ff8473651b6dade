import { PlottyError } from "../../shared/errors.ts";
import { MAX_UPLOAD_BYTES, submitFieldsSchema } from "../../shared/http-messages.ts";
import type { JobUpload } from "../services.ts";
import { readBody } from "./body.ts";
import type { HttpContext } from "./http-app.ts";
import { checked, plotOptions, queryValues } from "./request-values.ts";

/** A drawing with its options: a form with a `file` field, or the SVG itself as the body and options in the query. */
export async function readUpload(context: HttpContext, maxBytes = MAX_UPLOAD_BYTES): Promise<JobUpload> {
  const body = await readBody(context, maxBytes);
  const type = context.req.header("content-type") ?? "";
  const { svg, fileName, values } = /^multipart\/form-data/i.test(type)
    ? await readForm(body, type)
    : { svg: body, fileName: "drawing.svg", values: {} };
  if (svg.length === 0) {
    throw new PlottyError(
      "request.invalid",
      "the request holds no drawing: send the SVG as the body, or a form with a file field",
      { field: "file" },
    );
  }
  const { name, priority, device, hold, ...plot } = checked(submitFieldsSchema, {
    ...queryValues(context),
    ...values,
  });
  return { svg, fileName: name ?? fileName, options: plotOptions(plot), priority, device, hold };
}

async function readForm(body: Buffer, type: string) {
  const form = await parseForm(body, type);
  const file = form.get("file");
  if (file === null)
    throw new PlottyError("request.invalid", 'the form has no field "file" with the drawing', {
      field: "file",
    });
  const values: Record<string, string> = {};
  for (const [name, value] of form) {
    if (name === "file") continue;
    if (typeof value !== "string")
      throw new PlottyError("request.invalid", `field "${name}" must be text, not a file`, { field: name });
    values[name] = value;
  }
  if (typeof file === "string") return { svg: Buffer.from(file), fileName: "drawing.svg", values };
  return { svg: Buffer.from(await file.arrayBuffer()), fileName: file.name || "drawing.svg", values };
}

async function parseForm(body: Buffer, type: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  } catch (error) {
    throw new PlottyError(
      "request.invalid",
      "the form cannot be read: it is not valid multipart/form-data",
      undefined,
      error,
    );
  }
}
