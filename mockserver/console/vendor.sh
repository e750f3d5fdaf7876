#!/bin/sh
# Copies the browser's part of pinned npm packages to app/vendor and assets/vendor, with their licences.
# Imports of "preact" become relative ones.
set -eu
cd "$(dirname "$0")/assets/vendor"
to=$PWD
modules=$(cd ../../app/vendor && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
take() { # PACKAGE VERSION LICENCE
	${NPM:-npm} pack --silent "$1@$2" >/dev/null
	mkdir "$1" && tar -xzf "$1-$2.tgz" -C "$1" --strip-components 1
	cp "$1/LICENSE" "$to/$1.LICENSE"
	printf '%s %s, %s (%s.LICENSE)\n' "$1" "$2" "$3" "$1" >>versions
}
take preact 11.2.0 MIT
take htm 3.1.1 Apache-2.0
# Later ones have in the page only the operations in sight, of 150 and more: the browser's own
# search finds nothing then.
take swagger-ui-dist 5.32.15 Apache-2.0
module() { grep -v '^//# sourceMappingURL' "$1" | sed 's/from"preact"/from".\/preact.js"/g' >"$modules/$2"; }
module preact/dist/preact.mjs preact.js
module preact/hooks/dist/hooks.mjs hooks.js
module htm/dist/htm.module.js htm.js
packed() { grep -v '^/[/*]# sourceMappingURL' "swagger-ui-dist/$1" | gzip -9n >"$to/$1.gz"; }
packed swagger-ui-bundle.js
packed swagger-ui.css
cp swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt "$to/swagger-ui-bundle.LICENSE"
mv versions "$to/VERSIONS"
