import { type ClientMessage, clientMessageSchema, type ErrorFrame } from "../../shared/ws-messages.ts";

export type FrameRefusal = Pick<ErrorFrame, "code" | "message" | "details">;

const KNOWN_TYPES = ["SUBSCRIBE", "UNSUBSCRIBE", "PING"];

/** A client's text frame as one of the messages plotty knows, or what to answer to it. */
export function readClientMessage(text: string): ClientMessage | FrameRefusal {
  const value = parseObject(text);
  if ("code" in value) return value.code;
  const type = value.object.type;
  if (typeof type !== "string")
    return invalid('a message needs a "type", one of SUBSCRIBE, UNSUBSCRIBE, PING');
  if (!KNOWN_TYPES.includes(type.toUpperCase())) return unknownType(type);
  const parsed = clientMessageSchema.safeParse({ ...value.object, type: type.toLowerCase() });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join(".");
  return invalid(`${type.toUpperCase()}: "${field}" is not as expected: ${issue.message}`, { field });
}

export function isRefused(message: ClientMessage | FrameRefusal): message is FrameRefusal {
  return "code" in message;
}

function parseObject(text: string): { object: Record<string, unknown> } | { code: FrameRefusal } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return { object: value as Record<string, unknown> };
    }
  } catch {
    return {
      code: { code: "INVALID_JSON", message: "a frame must be one JSON object; this one is not JSON" },
    };
  }
  return { code: invalid("a frame must be one JSON object") };
}

function invalid(message: string, details?: Record<string, unknown>): FrameRefusal {
  return details ? { code: "INVALID_MESSAGE", message, details } : { code: "INVALID_MESSAGE", message };
}

function unknownType(type: string): FrameRefusal {
  return {
    code: "UNKNOWN_TYPE",
    message: `unknown type "${type.slice(0, 64)}"; plotty knows ${KNOWN_TYPES.join(", ")}`,
    details: { known: KNOWN_TYPES },
  };
}
