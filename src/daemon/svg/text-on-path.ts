import { type LengthBasis, parseLength } from "./length.ts";
import { advance, type Character, type Course } from "./text-line.ts";
import type { Track } from "./track.ts";
import { attribute, type SvgNode } from "./tree.ts";

/** @param target the `path` that the track is of, if there is one: its `pathLength` is what `startOffset` counts in */
export function courseOf(
  node: SvgNode,
  track: Track,
  target: SvgNode | undefined,
  basis: LengthBasis,
): Course {
  const text = attribute(node, "startOffset");
  const ofTrack = { ...basis, viewportWidth: track.length };
  const offset = parseLength(text, "x", ofTrack) ?? 0;
  const told = Number((target && attribute(target, "pathLength")) ?? Number.NaN);
  const scale = told > 0 && !text?.includes("%") ? track.length / told : 1;
  return { track, startOffset: offset * scale };
}

/**
 * Puts characters that have been laid out in a straight line on their tracks: each stands upright on the track at its middle.
 *
 * @returns those that are on a track or need none; what runs over an end is not drawn
 */
export function followPaths(characters: readonly Character[]): Character[] {
  return characters.filter((character) => !character.course || follow(character, character.course));
}

function follow(character: Character, { track, startOffset }: Course): boolean {
  const half = advance(character) / 2;
  const place = track.at(startOffset + character.x + half);
  if (!place) return false;
  const { x, y, angleRad } = place;
  const aside = character.y;
  const turnRad = angleRad + ((character.marks?.rotateDeg ?? 0) * Math.PI) / 180;
  character.x = x - Math.sin(angleRad) * aside - Math.cos(turnRad) * half;
  character.y = y + Math.cos(angleRad) * aside - Math.sin(turnRad) * half;
  character.turnRad = turnRad;
  return true;
}
