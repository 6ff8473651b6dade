import { expect, test } from "vitest";
import { configSchema } from "../src/daemon/config-schema.ts";
import { resolveSettings } from "../src/daemon/settings.ts";

const plain = configSchema.parse({});
const soft = configSchema.parse({ planning: { jerk_mm_s3: 4000 } });

test("travels have no jerk limit unless one is asked for; then ordering and motion know the same", () => {
  expect(resolveSettings(plain, {}).motion.penUp.jerkMmPerS3).toBeUndefined();
  const { motion, optimize } = resolveSettings(soft, {});
  expect(motion.penUp).toEqual({ speedMmPerS: 200, accelMmPerS2: 400, jerkMmPerS3: 4000 });
  expect(optimize.penUp).toEqual(motion.penUp);
});

test("what is asked for one drawing wins over the configuration", () => {
  expect(resolveSettings(soft, { jerkMmPerS3: 1000 }).motion.penUp.jerkMmPerS3).toBe(1000);
  expect(resolveSettings(plain, { jerkMmPerS3: 1000 }).motion.penUp.jerkMmPerS3).toBe(1000);
});

test("a jerk of which 400 mm/s² would come in less than 6 ms, the shortest command, is 66,667 mm/s³", () => {
  expect(resolveSettings(plain, { jerkMmPerS3: 1e6 }).motion.penUp.jerkMmPerS3).toBeCloseTo(400 / 0.006, 6);
});
