// A command that repeats an exchange. The journal has no secrets: the well-known keys of the
// mock stand in by their last four characters, of others a variable of the shell.
const wellKnown = ["diga-mock-unrestricted-0001", "diga-mock-read-only-0002", "diga-mock-no-access-0003", "diga-mock-nothing-0004"];
export const demoKey = wellKnown[0];
const own = /^(host|user-agent|accept-encoding|accept-language|content-length|connection|origin|referer|cookie|cache-control|pragma|dnt|priority|upgrade-insecure-requests|sec-.*|proxy-.*|te|x-forwarded-.*)$/i;

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

export function curl({ request, project }) {
  const lines = [`curl ${request.method === "GET" ? "" : `-X ${request.method} `}${quoted(location.origin + request.path + (request.query ? "?" + request.query : ""))}`];
  for (const [name, values] of Object.entries(request.headers)) {
    if (own.test(name)) continue;
    for (const value of values) {
      if (name === "Accept" && value === "*/*") continue;
      const [scheme, secret] = value.split(" …");
      if (secret !== undefined) {
        const known = project === "demo" && wellKnown.find((k) => k.endsWith("-" + secret));
        lines.push(known ? `-H ${quoted(`${name}: ${scheme} ${known}`)}` : `-H "${name}: ${scheme} $DIGA_API_KEY"`);
      } else if (!value.includes("…")) {
        lines.push(`-H ${quoted(`${name}: ${value}`)}`);
      }
    }
  }
  const { body } = request;
  if (body?.json !== undefined) lines.push(`--data-raw ${quoted(JSON.stringify(body.json))}`);
  else if (body?.text) lines.push(`--data-raw ${quoted(body.text)}`);
  return lines.join(" \\\n  ");
}
