// Tries every way out of a page that there is, towards PORT of this machine by many names, then writes an article.
const port = PORT;
const log = [];
const names = ["127.0.0.1", "127.0.0.2", "localhost", "[::1]", "2130706433", "0.0.0.0", "inside.example"];
// The one host that the run of the test may ask, which its guard lets through.
const mayBeAsked = ["127.0.0.1", "2130706433"];
// Shorter than the time without requests after which a page is taken for complete.
const within = (work) => Promise.race([work, new Promise((_, no) => setTimeout(no, 500))]);
const attempt = async (name, run) => {
  try {
    await within(run());
    log.push(name + " went through");
  } catch {
    log.push(name + " was refused");
  }
};
const add = (tag, values) => document.body.append(Object.assign(document.createElement(tag), values));
const click = (values) => {
  const link = Object.assign(document.createElement("a"), values);
  document.body.append(link);
  link.click();
};
const opened = (source) => new Promise((yes, no) => Object.assign(source, { onopen: yes, onerror: no }));

// What a page fetches by HTTP.
const byRequest = async (name, there) => {
  await attempt("fetch " + name, () => fetch(there + "/fetch"));
  await attempt("post " + name, () => fetch(there + "/post", { method: "POST", body: "x", mode: "no-cors" }));
  await attempt("keepalive " + name, () => fetch(there + "/keepalive", { keepalive: true, mode: "no-cors" }));
  await attempt("import " + name, () => import(there + "/import.js"));
  await attempt("xhr " + name, async () => {
    const request = new XMLHttpRequest();
    request.open("GET", there + "/xhr", false);
    request.send();
  });
  add("script", { src: there + "/script.js" });
  add("script", { type: "module", textContent: "import '" + there + "/module.js'" });
};

const byElement = (name, there) => {
  new Image().src = there + "/new-image.png";
  add("img", { src: there + "/image.png" });
  add("iframe", { src: there + "/frame" });
  add("iframe", { srcdoc: "<img src='" + there + "/inner.png'><script>new WebSocket('ws" + there.slice(4) + "')</script>" });
  add("object", { data: there + "/object" });
  add("embed", { src: there + "/embed" });
  add("video", { src: there + "/video.mp4", autoplay: true });
  add("audio", { src: there + "/audio.mp3", autoplay: true });
  // A module is a script, and fetched as one.
  const relations = ["stylesheet", "preload", "prefetch", "preconnect", "dns-prefetch", "icon", "manifest"];
  if (!mayBeAsked.includes(name)) relations.push("modulepreload");
  for (const rel of relations) add("link", { rel, href: there + "/" + rel, as: "image" });
  add("div", { innerHTML: `<svg><use href="${there}/use.svg#a"></use><image href="${there}/svg.png"></image></svg>` });
  add("video", { innerHTML: `<track default kind="captions" src="${there}/track.vtt">` });
  add("meta", { httpEquiv: "refresh", content: "0; url=" + there + "/refresh" });
  add("style", { textContent: `@import url(${there}/import.css);` });
  const face = "f" + names.indexOf(name);
  add("style", {
    textContent: `@font-face { font-family: ${face}; src: url(${there}/font.woff2) }
      body { background: url(${there}/background.png); font-family: ${face} }`,
  });
  const urls = [there + "/speculation"];
  add("script", { type: "speculationrules", textContent: JSON.stringify({ prefetch: [{ urls }], prerender: [{ urls }] }) });
};

const byConnection = async (name, there) => {
  const socket = "ws" + there.slice(4);
  await attempt("put " + name, () => fetch(there + "/put", { method: "PUT", body: "x" }));
  await attempt("websocket " + name, () => opened(new WebSocket(socket + "/websocket")));
  await attempt("eventsource " + name, () => opened(new EventSource(there + "/events")));
  await attempt("webtransport " + name, () => new WebTransport("https" + there.slice(4) + "/transport").ready);
  await attempt("webrtc " + name, async () => {
    const host = there.slice(7);
    const turn = { urls: `turn:${host}?transport=tcp`, username: "u", credential: "c" };
    const peer = new RTCPeerConnection({ iceServers: [{ urls: "stun:" + host }, turn] });
    peer.createDataChannel("x");
    await peer.setLocalDescription(await peer.createOffer());
  });
  const inside = `new WebSocket("${socket}/worker"); fetch("http://127.0.0.2:${port}/worker")`;
  await attempt("worker " + name, async () => new Worker(URL.createObjectURL(new Blob([inside]))));
  await attempt("sharedworker " + name, async () => new SharedWorker("data:text/javascript," + inside));
  await attempt("beacon " + name, async () => navigator.sendBeacon(there + "/beacon", "x"));
};

const byWindow = async (name, there) => {
  await attempt("window " + name, async () => window.open(there + "/window").name);
  click({ target: "_blank", href: there + "/blank", ping: there + "/ping" });
  click({ download: "x", href: there + "/download" });
  add("form", { method: "POST", target: "_blank", action: there + "/form" });
  document.querySelector("form:last-of-type").submit();
};

(async () => {
  const inEveryWay = async (name) => {
    const there = `http://${name}:${port}`;
    if (!mayBeAsked.includes(name)) await byRequest(name, there);
    byElement(name, there);
    await Promise.all([byConnection(name, there), byWindow(name, there), fetch("/tick.json")]);
  };
  await Promise.all(names.map(inEveryWay));
  await attempt("serviceworker", () => navigator.serviceWorker.register("/worker.js").then(() => navigator.serviceWorker.ready));
  await attempt("redirect", () => fetch("/to-the-trap"));
  add("script", { src: "/to-the-trap.js" });
  await attempt("location", async () => (location.href = `http://127.0.0.1:${port}/location`));
  document.getElementById("root").innerHTML =
    "<article><h1>A page that tried every way out it knows</h1><p>It tried all that a page can try, and wrote these " +
    "lines at the end, which nobody can read who did not wait for it.</p><p>" + log.join("; ") + ".</p></article>";
})();
