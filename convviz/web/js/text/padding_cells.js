/** What padding consists of, in words; twin of convviz/text/padding_cells.py. */

const PADDING_CELLS = {
  zeros: "zeros",
  reflect: "reflected cells",
  replicate: "copies of the border",
  circular: "cells from the other side",
};

/** Say what padding consists of. */
export function paddingCells({ paddingMode }) {
  return PADDING_CELLS[paddingMode];
}
