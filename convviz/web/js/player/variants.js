/** The ways to turn the groups of a body. */

import { nodeKind } from "../scene/model.js";

/** List the ways to turn a node and everything in it, the original first; three groups also in two lines. */
export function* variants(node) {
  if (nodeKind(node) !== "group") {
    yield node;
    return;
  }
  for (const children of products(node.children.map((child) => [...variants(child)]))) {
    const group = { ...node, children };
    yield group;
    if (!node.may_turn) continue;
    yield turned(group);
    if (children.length === 3 && children[1].magnified) yield { ...group, middle_below: true };
    if (children.length < 3 || !children.every((child) => nodeKind(child) === "group")) continue;
    for (let split = 1; split < children.length; split++) {
      for (const one of [group, turned(group)]) {
        const lines = [children.slice(0, split), children.slice(split)];
        yield { ...turned(one), children: lines.map((line) => ({ ...one, children: line })) };
      }
    }
  }
}

/** A row as a column, or a column as a row; a table of a lens is no table in a row. */
function turned(group) {
  const direction = group.direction === "row" ? "column" : "row";
  return { ...group, direction, table: group.table && !group.magnified };
}

function products([first, ...others]) {
  if (!first) return [[]];
  const rest = products(others);
  return first.flatMap((one) => rest.map((more) => [one, ...more]));
}

