import type { MotionPlan } from "../../src/shared/plan.ts";
import { storedPlan } from "./stored-plan.ts";

/** A plan in the first format: header, then whole arrays, each at a multiple of 8 bytes. */
export function encodePlan1(plan: MotionPlan): Uint8Array {
  const { points, speeds, strokeStartS, strokeStart, strokeLayer, ...rest } = storedPlan(plan);
  const arrays = { points, speeds, strokeStartS, strokeStart, strokeLayer };
  const lengths = Object.fromEntries(Object.entries(arrays).map(([name, { length }]) => [name, length]));
  const header = Buffer.from(JSON.stringify({ ...rest, lengths }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  let bytes = Buffer.concat([Buffer.from("plotty-plan 1\n\0\0"), length, header]);
  for (const { buffer, byteOffset, byteLength } of Object.values(arrays)) {
    bytes = Buffer.concat([padded(bytes), new Uint8Array(buffer, byteOffset, byteLength)]);
  }
  return new Uint8Array(padded(bytes));
}

function padded(bytes: Buffer): Buffer<ArrayBuffer> {
  return Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
}
