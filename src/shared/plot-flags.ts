/** How a drawing may be placed and ordered, as flags with what they mean: the same for every command that takes a drawing. */
export const PLOT_FLAGS: readonly (readonly [flag: string, meaning: string])[] = [
  ["--paper <paper>", "a4, letter, … or a paper of the configuration (default: all the machine can reach)"],
  ["--margin <mm>", "kept free around the drawing"],
  ["--fit <how>", "none, or page: scale it to the paper"],
  ["--rotate <degrees>", "auto, 0, 90, 180 or 270"],
  ["--scale <factor>", "1 is the drawing's own size"],
  ["--origin <x,y>", "where the page's corner goes, mm from the machine's origin"],
  ["--join <mm>", "join strokes whose ends are at most this far apart"],
  ["--optimize <preset>", "fast, balanced or best"],
  ["--preset <preset>", "the same"],
  ["--keep-order", "draw in the order of the file"],
  ["--keep-doubles", "draw strokes that are there twice twice"],
  ["--pen <pen>", "draw every layer with this pen"],
  ["--layers <source>", "inkscape, groups or colors"],
  ["--jerk <mm/s³>", "pen-up travels as S-curves: how fast their acceleration may change"],
];
