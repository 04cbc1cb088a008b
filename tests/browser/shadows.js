// Draws a story in shadow roots, one inside the other, with the headline in a slot.
const define = (name, markup) =>
  customElements.define(
    name,
    class extends HTMLElement {
      connectedCallback() {
        this.attachShadow({ mode: "open" }).innerHTML = markup;
      }
    },
  );
define("news-end", "<p>The next boats are expected on Monday, when the market opens too.</p>");
define(
  "news-text",
  "<style>p { color: red }</style><article><slot name=head></slot>" +
    paragraphs.map((text) => "<p>" + text + "</p>").join("") +
    "<news-end></news-end><slot></slot></article>",
);
document.getElementById("root").innerHTML =
  `<news-text><h1 slot=head>${title}</h1><p>Anna Berg reported from the harbour on Sunday.</p></news-text>`;
