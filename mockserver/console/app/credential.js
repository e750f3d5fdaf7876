// What a request showed to be let in, as far as the journal keeps it: its key, or what was no
// valid key, masked, or nothing.
export function credential({ key, request }) {
  if (key) return { state: "valid", text: "…" + key.last_four_digits };
  const sent = Object.entries(request.headers).find(([name, [value]]) => /^(authorization|x?-?api-?key|x-auth-token)$/i.test(name) && value.includes("…"))?.[1][0]
    ?? [...new URLSearchParams(request.query)].find(([, value]) => value.startsWith("…"))?.[1];
  if (sent === undefined) return { state: "none", text: "no key", long: "No key was sent" };
  return { state: "invalid", text: `invalid ${sent.slice(sent.indexOf("…"))}`, long: `Invalid key: ${sent} was sent, which opens no project` };
}
