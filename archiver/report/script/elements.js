// Elements, numbers and times as text. What was scraped becomes text nodes and attributes, never markup.
const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
};
const shape = (tag, attributes, ...children) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
const day = (at) => (at ?? "").slice(0, 10);
const moment = (at) => {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  return date.toLocaleString("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
};
const isWeb = (address) => /^https?:\/\//i.test(address ?? "");
const link = (address, text) =>
  isWeb(address)
    ? make("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, text)
    : document.createTextNode(text);
const say = (sentence) => { byId("said").textContent = sentence; };
