#!/usr/bin/env bash
# What the action does; its inputs are in TARGET, SPEC, BASE, COMMENT and digakit's own variables.
set -uo pipefail
report=$RUNNER_TEMP/digakit.md
: > "$report"
codes=
if [[ $TARGET ]]; then
  digakit verify --url "$TARGET" --spec "$SPEC" --format github --summary "$report"; codes+=" $?"
fi
if [[ $BASE ]]; then
  if [[ $SPEC ]]; then
    digakit drift "$BASE" "$SPEC" --format github --summary "$report"; codes+=" $?"
  else
    echo "::error::digakit: base needs spec, the document to compare it with"; codes+=" 2"
  fi
fi
head -c 1000000 "$report" >> "$GITHUB_STEP_SUMMARY" # GitHub takes 1 MiB

title="The API departs from its document ($GITHUB_WORKFLOW)"
mark="<!-- digakit: $GITHUB_WORKFLOW -->"
body=$RUNNER_TEMP/digakit-body.md # GitHub takes 65,536 characters
{ echo "$mark"; head -c 60000 "$report"; echo; echo "[All of it]($GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID)"; } > "$body"

issue() { gh issue list --state open --search "\"$title\" in:title" --json number --jq '.[0].number // empty'; }
comment() { gh api "repos/$GITHUB_REPOSITORY/issues/$pull/comments" --paginate --jq ".[] | select(.body | startswith(\"$mark\")) | .id" | head -n 1; }
pull=${GITHUB_REF#refs/pull/} pull=${pull%/merge}

# tell says what was found where COMMENT asks for it, once.
tell() {
  local number
  case $COMMENT in
    none) ;;
    issue)
      number=$(issue) || return
      if [[ $number ]]; then gh issue edit "$number" --body-file "$body"; else gh issue create --title "$title" --body-file "$body"; fi ;;
    pull-request)
      number=$(comment) || return
      if [[ $number ]]; then gh api -X PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$number" -F "body=@$body"
      else gh pr comment "$pull" --body-file "$body"; fi ;;
  esac
}
# settle closes what tell opened.
settle() {
  local number
  case $COMMENT in
    issue) number=$(issue) && if [[ $number ]]; then gh issue close "$number" --comment "The API is as its document says."; fi ;;
    pull-request) number=$(comment) && if [[ $number ]]; then tell; fi ;;
  esac
}

case $COMMENT in none | issue) ;; pull-request)
  [[ $GITHUB_REF == refs/pull/* ]] || { echo "::error::digakit: comment: pull-request is for workflows on pull_request"; exit 2; } ;;
*) echo "::error::digakit: comment is issue, pull-request or none, not $COMMENT"; exit 2 ;; esac
case "$codes " in
  " ") echo "::error::digakit: give url, to verify a server, or base and spec, to compare documents"; exit 2 ;;
  *" 2 "*) echo "::error::digakit was called wrongly or could not read its input"; exit 2 ;;
  *" 1 "*) tell || echo "::error::digakit: the findings could not be told on GitHub"; exit 1 ;;
  *" 3 "*)
    # On a schedule the server is somebody else's, and asked again tomorrow.
    if [[ $GITHUB_EVENT_NAME == schedule ]]; then echo "::warning::digakit: no answer, so nothing is known"; exit 0; fi
    echo "::error::digakit: no answer, so nothing is known"; exit 3 ;;
  *[!\ 0]*) echo "::error::digakit ended unexpectedly:$codes"; exit 2 ;;
  *) settle || echo "::warning::digakit: what was told on GitHub before could not be brought up to date" ;;
esac
