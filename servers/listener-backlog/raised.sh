#!/bin/sh
# nginx with a backlog of 47. On SIGHUP, this script changes the configuration to 97 and makes nginx read it again, as an operator does
# with an editor and `nginx -s reload`. Its argument is an empty folder.
here=$(dirname "$0")
cp "$here/nginx-47.conf" "$1/nginx.conf"
nginx -p "$1" -e stderr -c "$1/nginx.conf" &
nginx=$!
trap 'cp "$here/nginx-97.conf" "$1/nginx.conf"; kill -HUP $nginx' HUP
trap 'kill $nginx' TERM
# A signal ends `wait`, although nginx still runs.
while kill -0 $nginx 2>/dev/null; do wait $nginx; done
