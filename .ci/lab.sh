# Read by what plays on a real cluster: takes the one that the program $LAB brings up, and its environment. Ends the script where there is none.
lab=${LAB:-../shared/lab/lab}
if [[ ! -x $lab ]]; then
  echo "There is no lab at $lab, and so no real cluster and no real Argo CD. Set LAB to the program that brings one up." >&2
  exit 1
fi
# A lab that was up before stays up, and is left as it is.
if ! "$lab" status >/dev/null 2>&1; then
  trap '"$lab" down' EXIT
  if ! "$lab" up; then
    echo "$lab up failed: its own words are above." >&2
    exit 1
  fi
fi
eval "$("$lab" env)"
