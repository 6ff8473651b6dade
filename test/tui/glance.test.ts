import fc from "fast-check";
import { expect, test } from "vitest";
import { glance } from "../../src/tui/client/glance.ts";

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

test("type and number of a durable event are read from its two ends", () => {
  const alert = { type: "system_alert", level: "info", message: "hot", details: {}, id: "a1", seq: 4711 };
  expect(glance(bytes(alert))).toEqual({ type: "system_alert", seq: 4711 });
});

test("a position has no number", () => {
  const moved = { type: "device_status", device_id: "v1", status: "busy", position: { x: 1, y: 2 } };
  expect(glance(bytes(moved))).toEqual({ type: "device_status", seq: undefined });
});

test("a seq inside an event is not its number, and leaves the event to the parser", () => {
  const nested = { type: "system_alert", message: 'm,"seq":7}', details: { a: 1, seq: 7 } };
  expect(glance(bytes(nested))).toBeUndefined();
  expect(glance(bytes({ type: "device_status", metadata: { "a,": 1, seq: 7 } }))).toBeUndefined();
});

test("talk about the connection, other orders and texts of several lines are left to the parser", () => {
  expect(glance(bytes({ type: "subscribed", seq: 3 }))).toBeUndefined();
  expect(glance(bytes({ seq: 3, type: "job_progress" }))).toBeUndefined();
  expect(glance(bytes({ type: "toString", seq: 3 }))).toBeUndefined();
  expect(glance(Buffer.from('{"type":"job_progress",\n"progress":0.5}'))).toBeUndefined();
  expect(glance(Buffer.from('{"type":"job_prog'))).toBeUndefined();
});

test("what a glance tells is what parsing tells, whatever is in the event", () => {
  const type = fc.constantFrom("job_progress", "system_alert", "device_status", "job_state_change");
  const details = fc.dictionary(fc.constantFrom("a", "seq", 'b,"seq'), fc.nat());
  const event = fc.record({ type, message: fc.string(), details });
  const numbered = fc.tuple(event, fc.nat(), fc.boolean());
  fc.assert(
    fc.property(numbered, ([fields, seq, isDurable]) => {
      const text = bytes(isDurable ? { ...fields, seq } : fields);
      const seen = glance(text);
      if (seen) expect(seen).toEqual({ type: fields.type, seq: isDurable ? seq : undefined });
      else expect(text.includes('"seq":')).toBe(true);
    }),
  );
});
