#!/bin/sh
# Joins the modules and stylesheets in app/ to the two files that pages load, since a page of
# thirty files is slow to come: bundle.sh ESBUILD [FOLDER]
set -eu
esbuild=$(realpath "$1")
to=$(realpath "${2:-$(dirname "$0")/assets}")
cd "$(dirname "$0")/app"
"$esbuild" app.js --outfile="$to/console.js" --bundle --format=esm --minify --log-level=warning
"$esbuild" console.css --outfile="$to/console.css" --bundle --minify --log-level=warning
