// Keeps visited pages of the library for reading without a network. A page is kept only when the server says that it
// is for everybody who is signed in, and names the same reader as this worker's own address does.
const PREFIX = "yingzhi-copies:";
const reader = new URL(location).searchParams.get("for");
const STORE = PREFIX + reader;
const OFFLINE = "/offline/";
const MOST = 400;
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
  event.waitUntil(Promise.all([visit(page), ...files.map((file) => fetchFile(new Request(file)))]));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (SIGN_OUT.test(pathname) && request.method === "POST") event.waitUntil(forget(() => true));
  else if (request.method !== "GET" || NEVER.test(pathname)) return;
  else if (pathname.startsWith("/static/")) event.respondWith(fetchFile(request));
  else if (request.mode === "navigate") event.respondWith(fetchPage(request, pathname));
});

async function fetchPage(request, pathname) {
  let response;
  try {
    response = await fetch(request);
  } catch {
    return (await (await caches.open(STORE)).match(request.url)) ?? offlinePage();
  }
  if (pathname === SIGN_IN) await forget(() => true);
  else await settle(request.url, response.clone());
  return response;
}

async function fetchFile(request) {
  const store = await caches.open(STORE);
  try {
    const response = await fetch(request);
    if (response.ok) await store.put(request.url, response.clone());
    return response;
  } catch (error) {
    const kept = await store.match(request.url);
    if (kept) return kept;
    throw error;
  }
}

async function visit(url) {
  const response = await fetch(url, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
  if (response) await settle(url, response);
}

/** Keeps what may be kept; a copy of what may not be kept any more goes. */
async function settle(url, response) {
  if (response.status >= 500) return;
  const store = await caches.open(STORE);
  if (response.ok && response.headers.get("X-Offline") === reader) {
    await store.put(url, await copyOf(response));
    const copies = await pagesIn(store);
    if (copies.length > MOST) await store.delete(copies[0]);
  } else await store.delete(url);
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
  return requests.filter(({ url }) => !/^\/(static|offline)\//.test(new URL(url).pathname));
}

async function forget(isGone) {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && isGone(name));
  await Promise.all(names.map((name) => caches.delete(name)));
}
