import type { Glyphs } from "./theme.ts";

/** A bar of `width` cells, exact to an eighth of a cell where the glyphs have parts. @param share 0…1 */
export function progressBar(share: number, width: number, glyphs: Glyphs): string {
  const steps = glyphs.parts.length + 1;
  const filled = Math.floor(Math.min(1, Math.max(0, share)) * width * steps);
  const whole = Math.floor(filled / steps);
  const part = glyphs.parts[(filled % steps) - 1] ?? "";
  return glyphs.full.repeat(whole) + part + glyphs.rest.repeat(width - whole - (part ? 1 : 0));
}
