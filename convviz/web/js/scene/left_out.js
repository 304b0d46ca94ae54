/** Leave a panel out of a scene, where there is no room for it; twin of convviz/scene/left_out.py. */

import { nodeKind, panelsOf } from "./model.js";

/** The name of the panel of products. */
export const PRODUCTS = "products";
/** The sign behind it. */
export const SUM = "Σ";

/** Whether a scene has a panel of products. */
export function hasProducts({ body }) {
  return panelsOf(body).some(({ name }) => name === PRODUCTS);
}

/** Return the scene without its panel of products, and without the sign of their sum. */
export function withoutProducts(scene) {
  const dropped = panelsOf(scene.body).findIndex(({ name }) => name === PRODUCTS);
  if (dropped < 0) return scene;
  return { ...scene, body: without(scene.body), frames: scene.frames.map((frame) => renumbered(frame, dropped)) };
}

/** Return a node without products; a group of which one child is left becomes that child. */
function without(node) {
  if (nodeKind(node) !== "group" || !hasProducts({ body: node })) return node;
  const isKept = (child) => child.name !== PRODUCTS && child.text !== SUM;
  const kept = node.children.filter(isKept).map(without);
  return kept.length === 1 ? kept[0] : { ...node, children: kept };
}

/** Return the frame of a scene without guide lines, without what is in a panel. */
function renumbered(frame, dropped) {
  const number = (panel) => panel - Number(panel > dropped);
  const kept = (name) =>
    frame[name].filter(({ panel }) => panel !== dropped).map((one) => ({ ...one, panel: number(one.panel) }));
  const joins = ({ upper, lower }) => upper !== dropped && lower !== dropped;
  const lines = frame.connectors.filter(joins);
  return {
    ...frame,
    changes: kept("changes"),
    marks: kept("marks"),
    floating_cells: kept("floating_cells"),
    arrows: kept("arrows"),
    connectors: lines.map((line) => ({ ...line, upper: number(line.upper), lower: number(line.lower) })),
  };
}
