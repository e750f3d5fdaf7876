// The control API: every answer the console shows comes through here.
import { useCallback, useLayoutEffect, useRef, useState } from "./html.js";

const tokenKey = "digakit token";
export const unauthenticated = "_unauthenticated"; // the journal of requests without a valid key

// Problem is an answer that is no success (RFC 9457), or no answer at all.
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `The mock answered ${status}.`);
    this.status = status;
    this.fields = body.errors || [];
  }

  // of is the message for a field of the body, by its RFC 6901 pointer.
  of(pointer) {
    return this.fields.find((e) => e.pointer === pointer)?.message;
  }
}

let needsToken = () => {};
export const onTokenNeeded = (f) => { needsToken = f; };
export const keepToken = (token) => sessionStorage.setItem(tokenKey, token);

export function headers(more = {}) {
  const token = sessionStorage.getItem(tokenKey);
  return { ...more, ...(token && { Authorization: `Bearer ${token}` }) };
}

// at is a path of the control API; its parts are escaped.
export const at = (...parts) => "/_mock/" + parts.map(encodeURIComponent).join("/");

export async function send(method, path, { body, as, query, signal } = {}) {
  const search = new URLSearchParams(query ?? {}).toString();
  let response;
  try {
    response = await fetch(path + (search && "?" + search), {
      method, signal, body: body === undefined ? undefined : JSON.stringify(body),
      headers: headers({
        Accept: "application/json",
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(as && as !== "administrator" && { "X-Mock-Member": as }),
      }),
    });
  } catch (e) {
    if (e.name === "AbortError") throw e;
    throw new Problem(0, { detail: "The mock does not answer. Is it still running?" });
  }
  const text = await response.text();
  let answer;
  try { answer = text && JSON.parse(text); } catch { answer = { detail: text.slice(0, 200) }; }
  if (response.ok) return answer;
  if (answer.type?.endsWith("token-required")) needsToken(answer.detail);
  throw new Problem(response.status, answer || {});
}

// useAnswer asks for something now and whenever a dependency changes. What was there stays
// until the next answer.
export function useAnswer(ask, dependencies) {
  const [state, setState] = useState({ loading: true });
  const latest = useRef();
  const reload = useCallback(async () => {
    latest.current?.abort();
    const abort = latest.current = new AbortController();
    setState((s) => ({ ...s, loading: true }));
    try {
      const value = await ask(abort.signal);
      if (!abort.signal.aborted) setState({ value });
    } catch (error) {
      if (!abort.signal.aborted) setState((s) => ({ value: s.value, error }));
    }
  }, dependencies);
  useLayoutEffect(() => { reload(); return () => latest.current?.abort(); }, [reload]); // before the paint: the answer is what people wait for
  return { ...state, reload };
}
