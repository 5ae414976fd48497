# A deployment that forgets to stop the old version: after a while it starts the new one, as a child of its own.
#   sh servers/accidental-port-sharing/deploy.sh SERVER PORT VERSION
sleep 2
python3 "$1" "$2" "$3" &
trap 'kill $!' TERM
wait
