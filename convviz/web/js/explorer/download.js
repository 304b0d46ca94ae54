/** Copying texts, and saving the picture as a file. */

const FEEDBACK_DURATION = 1500;

/** Copy a text, also if the page is a local file; `button` shows whether it worked. */
export async function copy(text, button) {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  button.focus();
  button.dataset.done = isCopied ? "copied" : "press Ctrl+C";
  setTimeout(() => delete button.dataset.done, FEEDBACK_DURATION);
}

/** Tell whether the page has an address of its own; inside a notebook it has none. */
export function hasAddress() {
  return location.protocol !== "about:";
}

/** Save the picture as an SVG, or as a PNG with `scale` times as many pixels per side. */
export function savePicture(picture, layout, theme, { kind, scale = 2 }) {
  const address = `data:image/svg+xml,${encodeURIComponent(svgText(picture, layout, theme))}`;
  if (kind === "svg") return save(address, "convviz.svg");
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [scale * layout.width, scale * layout.height];
    const context = canvas.getContext("2d");
    context.fillStyle = theme.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    save(canvas.toDataURL("image/png"), "convviz.png");
  };
  image.src = address;
}

/** The picture as the text of an SVG file, with the styles that it has from the page. */
function svgText(picture, { width, height }, theme) {
  const svg = picture.cloneNode(true);
  const attributes = { xmlns: "http://www.w3.org/2000/svg", width, height };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  svg.style.background = theme.background; // no attribute, which the page's policy forbids
  svg.setAttribute("font-family", "system-ui, 'DejaVu Sans', sans-serif");
  for (const text of svg.querySelectorAll(".numbers text, .floats text")) {
    text.setAttribute("text-anchor", "middle");
    text.setAttribute("stroke-width", 0);
  }
  return new XMLSerializer().serializeToString(svg);
}

function save(href, name) {
  Object.assign(document.createElement("a"), { href, download: name }).click();
}
