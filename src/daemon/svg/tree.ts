/**
 * One element, as light as reading allows. The tree lives only while a drawing is read: `use` and style sheets may refer
 * to what comes later, so a drawing cannot be drawn while it is parsed.
 */
export interface SvgNode {
  /** Local name of an SVG element; `""` for an element of another namespace and for a piece of text. */
  readonly name: string;
  /** Name, value, name, value …; few enough that walking them is the fastest look-up. */
  readonly attributes: readonly string[];
  readonly parent: SvgNode | null;
  readonly children: SvgNode[];
  /** Only in pieces of text (inside `text` and `style`). */
  readonly text: string;
}

export function attribute(node: SvgNode, name: string): string | undefined {
  const { attributes } = node;
  for (let i = 0; i < attributes.length; i += 2) {
    if (attributes[i] === name) return attributes[i + 1];
  }
  return undefined;
}

export function isText(node: SvgNode): boolean {
  return node.name === "" && node.text !== "";
}

/** `rect #frame`, or `rect` when it has no id. */
export function describe(node: SvgNode): string {
  const id = attribute(node, "id");
  return id ? `${node.name} #${id}` : node.name;
}

/** All text inside, in order. */
export function textContent(node: SvgNode): string {
  let content = "";
  const stack = [node];
  while (stack.length > 0) {
    const current = stack.pop()!;
    content += current.text;
    for (let i = current.children.length - 1; i >= 0; i--) stack.push(current.children[i]!);
  }
  return content;
}
