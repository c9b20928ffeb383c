// Keeps visited pages of the library, with the pictures they show, for reading without a network. A page is kept only
// when the server says that it is for everybody who is signed in, and names the same reader as this worker's own
// address does.
const PREFIX = "yingzhi-copies:";
const reader = new URL(location).searchParams.get("for");
const STORE = PREFIX + reader;
const OFFLINE = "/offline/";
const MOST = 400;
// Of one picture. The largest that a text shows is 800 pixels wide.
const MOST_BYTES = 1024 * 1024;
const PICTURES = "X-Pictures";
// Tests and staff work are none of this worker's business: it does not even look at them.
const NEVER = /^\/(attempts|admin|api|documents|media)\//;
const SIGN_OUT = /^\/(sign-out|admin\/logout)\//;
const SIGN_IN = "/sign-in/";

addEventListener("install", (event) => event.waitUntil(prepare().then(() => skipWaiting())));

addEventListener("activate", (event) =>
  // Whoever was here before leaves nothing to whoever is here now.
  event.waitUntil(forget((name) => name !== STORE).then(() => clients.claim())),
);

addEventListener("message", (event) => {
  // The page that brought this worker was loaded before it.
  const { page, files } = event.data;
  event.waitUntil(Promise.all([visit(page, event), ...files.map((file) => fetchFile(new Request(file)))]));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (SIGN_OUT.test(pathname) && request.method === "POST") event.waitUntil(forget(() => true));
  else if (isPictureOfAPage(request, pathname)) event.respondWith(fetchPicture(request));
  else if (request.method !== "GET" || NEVER.test(pathname)) return;
  else if (pathname.startsWith("/static/")) event.respondWith(fetchFile(request));
  else if (request.mode === "navigate") event.respondWith(fetchPage(event, pathname));
});

function isPictureOfAPage({ destination, method, referrer }, pathname) {
  if (destination !== "image" || method !== "GET" || !isPicture(pathname)) return false;
  return !referrer.startsWith(location.origin) || !NEVER.test(new URL(referrer).pathname);
}

async function fetchPage(event, pathname) {
  const { request } = event;
  // Opened before anything is asked: a sign-out in the meantime takes this store away, and nothing comes after it.
  const store = await caches.open(STORE);
  let response;
  try {
    response = await fetch(request);
  } catch {
    return (await store.match(request.url)) ?? offlinePage();
  }
  if (pathname === SIGN_IN) await forget(() => true);
  else await settle(store, request.url, response.clone(), event);
  return response;
}

async function fetchFile(request) {
  const store = await caches.open(STORE);
  try {
    const response = await fetch(request);
    if (response.ok) await keep(store, request.url, response.clone());
    return response;
  } catch (error) {
    const kept = await store.match(request.url);
    if (kept) return kept;
    throw error;
  }
}

/** From the network, and only without one from the store; what the server gives no more goes from there too. */
async function fetchPicture(request) {
  const store = await caches.open(STORE);
  try {
    const response = await fetch(request);
    if (response.status >= 400 && response.status < 500) await store.delete(request.url);
    return response;
  } catch (error) {
    const kept = await store.match(request.url);
    if (kept) return kept;
    throw error;
  }
}

async function visit(url, event) {
  const store = await caches.open(STORE);
  const response = await fetch(url, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
  if (response) await settle(store, url, response, event);
}

/** Keeps what may be kept; a copy of what may not be kept any more goes. Pictures follow: no page waits for them. */
async function settle(store, url, response, event) {
  if (response.status >= 500) return;
  if (response.ok && response.headers.get("X-Offline") === reader) {
    const copy = await copyOf(response);
    const shown = picturesOf(copy);
    await keep(store, url, copy);
    const copies = await pagesIn(store);
    if (copies.length > MOST) await store.delete(copies[0]);
    event.waitUntil(keepPictures(store, shown));
  } else if (await store.delete(url)) event.waitUntil(keepPictures(store, []));
}

/** A device that is full keeps nothing more, and shows all the same what it was sent. */
async function keep(store, url, response) {
  await store.put(url, response).catch(() => {});
}

/** Adds those that a page shows and takes away those that no page shows any more. One at a time: the reader is first. */
async function keepPictures(store, wanted) {
  // First what is there, then who shows it: so none goes that another page has brought in the meantime.
  const there = (await store.keys()).map(({ url }) => url).filter((url) => isPicture(new URL(url).pathname));
  const copies = await Promise.all((await pagesIn(store)).map((request) => store.match(request)));
  const shown = new Set(copies.flatMap(picturesOf));
  await Promise.all(there.filter((url) => !shown.has(url)).map((url) => store.delete(url)));
  for (const url of wanted) if (shown.has(url) && !there.includes(url)) await keepPicture(store, url);
}

function picturesOf(copy) {
  return JSON.parse(copy?.headers.get(PICTURES) ?? "[]");
}

async function keepPicture(store, url) {
  const response = await fetch(url, { credentials: "same-origin", redirect: "error" }).catch(() => null);
  if (!response?.ok || !/^image\//.test(response.headers.get("Content-Type"))) return;
  if (Number(response.headers.get("Content-Length")) > MOST_BYTES) return response.body.cancel();
  const { headers } = response;
  const picture = await response.blob().catch(() => null);
  if (picture && picture.size <= MOST_BYTES) await keep(store, url, new Response(picture, { headers }));
}

/** Addresses of the uploaded pictures that a page shows, in all the sizes it offers. */
function picturesIn(html) {
  const tags = [...html.matchAll(/<(?:img|source)\b[^>]*>/g)].map(([tag]) => tag);
  const lists = tags.flatMap((tag) => [...tag.matchAll(/\ssrc(?:set)?="([^"]*)"/g)].map(([, list]) => list));
  const offered = lists.flatMap((list) => list.split(/[\s,]+/));
  return [...new Set(offered.filter(isPicture).map((address) => new URL(address, location).href))];
}

function isPicture(pathname) {
  return pathname.startsWith("/media/");
}

/** The page as it will be shown without a network: it says since when it is kept. */
async function copyOf(response) {
  const language = response.headers.get("Content-Language") ?? "zh-hans";
  const time = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(new Date());
  const html = await response.text();
  const marked = html
    .replace(/(<[^>]*\sdata-offline-note\b[^>]*?)\shidden\b/, "$1")
    .replace(/(<time data-kept>)/, (found) => found + time);
  const title = /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1].replace(/<[^>]*>/g, "").trim() ?? "";
  return new Response(marked, {
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": response.headers.get("Content-Security-Policy") ?? "default-src 'self'",
      "X-Title": encodeURIComponent(title),
      [PICTURES]: JSON.stringify(picturesIn(html)),
    },
  });
}

async function prepare() {
  const store = await caches.open(STORE);
  const response = await fetch(OFFLINE, { cache: "no-store" });
  const html = await response.text();
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  headers["Content-Security-Policy"] = response.headers.get("Content-Security-Policy") ?? "default-src 'self'";
  await store.put(OFFLINE, new Response(html, { headers }));
  const files = [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, file]) => file);
  await Promise.all(files.map((file) => fetchFile(new Request(file))));
}

/** What is shown instead of a page that was never visited: the list of those that were. Titles are HTML already. */
async function offlinePage() {
  const store = await caches.open(STORE);
  const page = await store.match(OFFLINE);
  if (!page) return Response.error();
  const rows = await Promise.all((await pagesIn(store)).map((request) => rowOf(store, request)));
  const html = (await page.text()).replace(/(<ul[^>]*\sdata-kept-pages[^>]*>)/, (found) => found + rows.reverse().join(""));
  return new Response(html, { status: 503, headers: page.headers });
}

async function rowOf(store, request) {
  const copy = await store.match(request);
  const title = decodeURIComponent(copy.headers.get("X-Title"));
  const { pathname, search } = new URL(request.url);
  return `<li><a href="${encodeURI(decodeURI(pathname + search)).replaceAll("&", "&amp;")}">${title}</a></li>`;
}

async function pagesIn(store) {
  const requests = await store.keys();
  return requests.filter(({ url }) => !/^\/(static|offline|media)\//.test(new URL(url).pathname));
}

async function forget(isGone) {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && isGone(name));
  await Promise.all(names.map((name) => caches.delete(name)));
}
