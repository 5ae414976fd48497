#!/bin/sh
# nginx with a backlog of 47, whose configuration says 97 when SIGHUP makes it read that again: what an operator does with an
# editor and `nginx -s reload`. Its argument is an empty folder.
here=$(dirname "$0")
cp "$here/nginx-47.conf" "$1/nginx.conf"
nginx -p "$1" -e stderr -c "$1/nginx.conf" &
nginx=$!
trap 'cp "$here/nginx-97.conf" "$1/nginx.conf"; kill -HUP $nginx' HUP
trap 'kill $nginx' TERM
# A signal ends a wait(), and not nginx.
while kill -0 $nginx 2>/dev/null; do wait $nginx; done
